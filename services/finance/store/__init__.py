"""What finance keeps: one file for each aggregate."""
