"""`mesurer.py SORTIE COMMANDE…`: run a command, then write its exit code, processor seconds and peak memory as JSON.

`secondes` and `octets` count the processes that the command waited for: all seconds, and the largest peak. Seconds are
the processor's, that a busy machine does not lengthen. Windows tells neither: both are 0 there.
This process is small on purpose: on Linux the peak of a child begins at that of the process that started it.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys


def principal(sortie: str, commande: list[str]) -> None:
    if hasattr(os, "wait4"):
        _, statut, usage = os.wait4(os.posix_spawn(commande[0], commande, os.environ), 0)
        code, secondes = os.waitstatus_to_exitcode(statut), usage.ru_utime + usage.ru_stime
        octets = usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024)
    else:
        code, secondes, octets = subprocess.run(commande).returncode, 0.0, 0
    with open(sortie, "w", encoding="utf-8") as fichier:
        json.dump({"code": code, "secondes": secondes, "octets": octets}, fichier)


if __name__ == "__main__":
    principal(sys.argv[1], sys.argv[2:])
