"""The registry's HTTP face."""
