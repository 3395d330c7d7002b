"""Faults: real processes are killed, engines stop and come back, messages arrive twice or broken, and nothing is lost."""
