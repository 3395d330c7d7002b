"""The gateway's own API, one router a subject."""
