"""The one Alembic environment of all services; a service brings revision files only."""
