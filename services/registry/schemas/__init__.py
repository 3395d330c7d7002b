"""Requests and answers of the registry."""
