"""What pages share: the frame, the session’s scope, figures, the journal on screen, widgets; one room per slot."""
