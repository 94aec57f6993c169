"""Documents from the same frames as the screens: dossier de séance, relevé de décisions, synthèse."""
