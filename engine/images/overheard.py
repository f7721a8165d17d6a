"""What C libraries print to the standard error while they work, instead of returning it."""

import os
import re
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Lock
from typing import IO

# The JPEG library's words for data that make no sense; it goes on and fills the rest in. Bytes left
# over are damage within a scan, before one of its restart markers, and may be none elsewhere.
_DAMAGE = re.compile(
    b"premature end of data|bad Huffman code|bad arithmetic code|Premature end of JPEG"
    b"|instead of RST|extraneous bytes before marker 0xd[0-7]"
)
_LEFT_OVER = b"extraneous bytes before marker"

_ONE_AT_A_TIME = Lock()
"""The standard error is the whole process's."""


@contextmanager
def overheard() -> Iterator[Callable[[], bytes]]:
    """Keep what is printed in the block from the standard error, and tell it when asked."""
    with _ONE_AT_A_TIME, _memory() as file:

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


def _memory() -> IO[bytes]:
    """A file in memory, for a full disk would swallow the words; on the disk but on Linux."""
    if hasattr(os, "memfd_create"):
        return os.fdopen(os.memfd_create("overheard"), "w+b")
    return tempfile.TemporaryFile()


def tells_of_damage(said: bytes) -> bool:
    """Whether the JPEG library met data that make no sense."""
    return _DAMAGE.search(said) is not None


def tells_of_bytes_left_over(said: bytes) -> bool:
    """Whether the JPEG library had its picture before the data were used up.

    Some programs write a few bytes more and harm nothing; of a picture that slipped aside where a
    byte is damaged it may be the only trace.
    """
    return _LEFT_OVER in said
