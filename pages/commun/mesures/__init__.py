"""9h30 Bilan: what its screens share — catalogue of measures, reading, sentences, drawings, lever."""
