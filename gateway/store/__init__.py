"""Loading and saving what the gateway owns, over the unit's own transaction."""
