"""The finance service: keeps every fund, payment and entry."""
