"""One module per owner; each holds that owner's events and ends with the tuple EVENTS."""
