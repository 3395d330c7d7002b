"""Tests mirror the tree; what holds across rooms stands in architecture, flows and faults."""
