"""Pure decisions about programmes, claims and the standing of households."""
