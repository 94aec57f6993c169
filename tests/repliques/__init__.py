"""Several machines that serve the same data: a real PostgreSQL, a real object store."""
