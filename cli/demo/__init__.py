"""The demo: the sample county played over HTTP against a platform of its own, its figures and findings compared."""
