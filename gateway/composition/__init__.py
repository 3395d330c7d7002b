"""What no single service holds: a household's whole page, one stream for auditors, one document of every API."""
