"""Pure decisions about accounts, partner clients and guesses; no I/O, dates passed in."""
