"""ISO 20022 messages between the county and its bank: pain.001.001.09 out, pain.002.001.10 in. Pure functions."""
