"""The relocation service: builds and hands over houses."""
