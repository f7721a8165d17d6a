"""What can be asked of the set-up: run, test, proof, format."""

from collections.abc import Callable, Mapping, Sequence

import checks
import first_look
from speech import SetupError, say

COMMANDS: Mapping[str, Callable[[], int]] = {
    "run": first_look.show,
    "test": checks.test,
    "proof": checks.proof,
    "format": checks.formatting,
}


def main(words: Sequence[str]) -> int:
    """Do what was asked: 0 done, 1 not (stderr says why), 2 wrong usage, 130 interrupted."""
    if len(words) != 1 or words[0] not in COMMANDS:
        say(f"usage: python packaging/bootstrap.py {'|'.join(COMMANDS)}")
        return 2
    try:
        return COMMANDS[words[0]]()
    except SetupError as stop:
        say(str(stop))
        return 1
    except KeyboardInterrupt:
        return 130
