"""The data contract as declarations, and the front door that every file goes through."""
