"""The registry's decisions: pure, dated, without I/O."""
