"""The registry's tables, one module an aggregate; `every.py` knows all of them."""
