"""A window of its own process, at another scaling of the screen."""

import os
import subprocess
import sys
from pathlib import Path

_HERE = Path(__file__).parent


def printed_at(ratio: str, script: str) -> str:
    """What ``script`` prints where the screen has ``ratio`` device pixels to a pixel."""
    environment = dict(
        os.environ,
        QT_SCALE_FACTOR=ratio,
        QT_QPA_PLATFORM="offscreen",
        PYTHONPATH=os.pathsep.join([str(_HERE), str(_HERE.parents[1])]),
    )
    return subprocess.run(
        [sys.executable, "-c", script],
        env=environment, capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
