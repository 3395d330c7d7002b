"""What it takes to run Tuopin: images, and engines started without containers."""
