"""The registry's rows: loaded, saved and found."""
