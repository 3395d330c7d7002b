"""Statements over supervision's tables, each for a whole batch at once."""
