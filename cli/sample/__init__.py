"""The synthetic sample counties: pure, deterministic data that the demo plays through the public commands."""
