"""Each lint is shown a planted violation, the same line excused, and lines it must leave alone."""
