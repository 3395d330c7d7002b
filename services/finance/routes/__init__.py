"""Finance over HTTP."""
