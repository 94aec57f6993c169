"""A process that writes and says what was acknowledged: `python ecrivain.py DOSSIER PREFIXE N`.

Write number k of a prefix is version k of the object `PREFIXE`, and has the op_id `PREFIXE-k`. It starts over from what
the journal holds, and tries again the write that follows: the one that a killed process may or may not have made.
"""

from __future__ import annotations

import sys
from pathlib import Path

from mel_core.journal import Auteur, Journal


def principal(dossier: str, prefixe: str, n: str) -> None:
    journal = Journal.du_dossier(Path(dossier))
    lue = journal.read("essai", prefixe)
    # The last one again too: its acknowledgement may have been lost.
    for k in range(max(lue.version if lue else 1, 1), int(n) + 1):
        fiche = journal.write("essai", prefixe, {"k": k}, Auteur("Anne", "MEL"), f"{prefixe}-{k}", version_vue=k - 1)
        print(fiche.version, flush=True)


if __name__ == "__main__":
    principal(*sys.argv[1:])
