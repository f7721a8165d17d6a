"""What the set-up says: plain lines on stderr, and a stop with the reason and the next step."""

import shlex
import sys
from collections.abc import Sequence


class SetupError(Exception):
    """The set-up cannot go on: its text is for the person, and says what to do."""


def say(words: str) -> None:
    """One line of progress, on stderr so that stdout stays the program's."""
    print(words, file=sys.stderr, flush=True)


def line(command: Sequence[str]) -> str:
    """A command as a person would type it."""
    return shlex.join(command)
