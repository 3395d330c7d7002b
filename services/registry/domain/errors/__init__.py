"""What the registry refuses, by the part of the procedure that refuses; each with its stable code."""
