"""`python -m mel_core`: everything the screens show, without a browser."""

import sys

from mel_core.cli.commandes import principal

if __name__ == "__main__":
    sys.exit(principal(sys.argv[1:]))
