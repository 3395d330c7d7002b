"""The service's tables, read and written a whole request at a time."""
