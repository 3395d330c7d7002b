"""What holds for the tree as a whole: imports, sizes, words, docstrings, side effects, shape of the tests."""
