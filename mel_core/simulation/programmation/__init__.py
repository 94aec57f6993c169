"""What a programme of new dwellings brings."""
