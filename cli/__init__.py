"""The `tuopin` command: the composition root that runs one service, or all of them in one process."""
