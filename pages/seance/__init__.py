"""The slots of the day."""
