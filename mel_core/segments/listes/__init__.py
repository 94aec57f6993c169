"""What a commune or a bailleur does with its own lists: an outcome beside each line, an export that says what it is."""
