"""Benchmarks: each against a ceiling or a peer in the same run, as a ratio with its spread."""
