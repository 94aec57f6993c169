"""`python -m mel_core`: everything the screens show, without a browser."""

import gc
import sys

from mel_core.cli.commandes import principal

if __name__ == "__main__":
    # The libraries stay to the end. An import, which makes rows by the thousand, spent a tenth of its time looking
    # at what they hold.
    gc.freeze()
    gc.set_threshold(50_000)
    sys.exit(principal(sys.argv[1:]))
