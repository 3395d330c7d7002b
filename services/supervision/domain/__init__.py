"""Pure decisions: what an event changes in a dossier, and which rules then fire."""
