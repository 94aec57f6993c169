"""Errors meant for a person: one French sentence that says what is wrong, where, and what to do."""


class ErreurUtilisateur(Exception):
    """A wrong call or a state that the user can mend. `str(erreur)` is the sentence to show."""


class AppelIncorrect(ErreurUtilisateur):
    """The call itself is wrong (unknown name, bad option): exit code 2 on the command line."""


class DonneesRefusees(ErreurUtilisateur):
    """The data can't be accepted as they are: exit code 1 on the command line."""
