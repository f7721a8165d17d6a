"""An engine keeps the memory that an answer gave back."""

import subprocess
import sys

import pytest

AGAIN = """
import resource, sys, threading
import numpy as np
from engine.service import limits

if sys.argv[1] == "keeps":
    limits.keep_memory()
faults = []

def answer():
    for _ in range(3):
        layers = [np.ones(2**20) for _ in range(20)]  # 8 MB each
        del layers
        faults.append(resource.getrusage(resource.RUSAGE_SELF).ru_minflt)

thread = threading.Thread(target=answer)
thread.start()
thread.join()
print(faults[-1] - faults[-2])
"""


@pytest.mark.skipif(sys.platform != "linux", reason="Other systems have no such memory to tell of.")
def test_memory_that_was_given_back_is_not_taken_anew_page_by_page() -> None:
    anew, kept = (_faults(word) for word in ("leaves it", "keeps"))
    assert kept < 100
    assert anew > 10 * kept + 100, "the C library keeps it by itself now: drop keep_memory"


def _faults(word: str) -> int:
    done = subprocess.run([sys.executable, "-c", AGAIN, word], capture_output=True, check=True)
    return int(done.stdout)
