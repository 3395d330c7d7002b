"""The HTTP face: parse, authorise, call a handler or a view; and which refusal has which status."""
