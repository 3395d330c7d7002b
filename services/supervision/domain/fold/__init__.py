"""How each event changes a projection. Events of different topics may come in any order; the result is the same."""
