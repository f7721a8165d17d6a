"""What C libraries print to the standard error while they work, instead of returning it."""

import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Lock

# The JPEG library's words for data that make no sense; it goes on and fills the rest in.
# "Extraneous bytes" before a marker are not among them: many write a few, and they harm nothing.
_DAMAGE = (b"premature end of data", b"bad Huffman code", b"Premature end of JPEG")

_ONE_AT_A_TIME = Lock()
"""The standard error is the whole process's."""


@contextmanager
def overheard() -> Iterator[Callable[[], bytes]]:
    """Keep what is printed in the block from the standard error, and tell it when asked."""
    with _ONE_AT_A_TIME, tempfile.TemporaryFile() as file:

        def said() -> bytes:
            file.seek(0)
            return file.read()

        kept = os.dup(2)
        os.dup2(file.fileno(), 2)
        try:
            yield said
        finally:
            os.dup2(kept, 2)
            os.close(kept)


def tells_of_damage(said: bytes) -> bool:
    """Whether the JPEG library met data that make no sense."""
    return any(words in said for words in _DAMAGE)
