"""The supervision service: says what is overdue or does not add up."""
