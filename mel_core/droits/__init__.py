"""Who is who, who may do what, and which account is in Salle."""
