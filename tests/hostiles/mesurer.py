"""`mesurer.py SORTIE COMMANDE…`: run a command; write its exit code, seconds and peak memory (bytes) as JSON.

A small process on purpose: on Linux the peak of a child begins at that of the process that started it.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time


def principal(sortie: str, commande: list[str]) -> None:
    debut = time.monotonic()
    if hasattr(os, "wait4"):
        _, statut, usage = os.wait4(os.posix_spawn(commande[0], commande, os.environ), 0)
        code, octets = os.waitstatus_to_exitcode(statut), usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024)
    else:  # Windows does not tell the peak
        code, octets = subprocess.run(commande).returncode, 0
    mesure = {"code": code, "secondes": time.monotonic() - debut, "octets": octets}
    with open(sortie, "w", encoding="utf-8") as fichier:
        json.dump(mesure, fichier)


if __name__ == "__main__":
    principal(sys.argv[1], sys.argv[2:])
