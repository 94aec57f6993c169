"""13h30 Orientations: segments, engagements, offer and ordering — reading, sentences, drawings, forms."""
