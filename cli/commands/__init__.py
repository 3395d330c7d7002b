"""The commands of the `tuopin` program that talk to a running platform, one module a subject."""
