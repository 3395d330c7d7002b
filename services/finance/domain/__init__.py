"""What finance decides, without any I/O."""
