"""What is printed: a record for each kind of paper, and the templates it is set by."""
