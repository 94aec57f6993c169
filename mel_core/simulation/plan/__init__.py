"""A plan of attributions under several objectives at once."""
