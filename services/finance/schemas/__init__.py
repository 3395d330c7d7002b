"""What is asked of finance and what it answers."""
