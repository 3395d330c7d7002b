"""Loading and saving by sets: each function is one statement, whether for one row or a thousand."""
