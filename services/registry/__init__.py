"""The registry service: files each household once and keeps its history."""
