"""What finance does, one transaction a command."""
