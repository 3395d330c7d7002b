"""Requests and answers of the relocation service."""
