"""The plumbing of a service: it knows how to commit, publish, hear and answer, and no business noun."""
