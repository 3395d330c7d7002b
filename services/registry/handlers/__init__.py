"""One function per command of the registry."""
