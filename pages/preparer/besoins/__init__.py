"""One screen, its reading, its pictures, its forms."""
