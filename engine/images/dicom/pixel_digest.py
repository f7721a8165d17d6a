"""Whether two files hold the same picture, stored in the same way: a hash of its bytes."""

import hashlib
from pathlib import Path

from engine.errors import Refusal
from engine.images.dicom.encodings import DEFLATED
from engine.images.dicom.parsing import parse

_AT_ONCE = 1 << 20


def pixel_digest(path: str) -> bytes | None:
    """The SHA-256 of a file's pixel data as they are stored, and of nothing before them.

    Of pieces it goes to the file's end. None where the file cannot be read, or is deflated.
    """
    try:
        parsed = parse(Path(path))
        if not parsed.pixels or parsed.transfer_syntax == DEFLATED:
            return None
        digest = hashlib.sha256()
        left = parsed.size - parsed.start if parsed.length < 0 else parsed.length
        with Path(path).open("rb") as file:
            file.seek(parsed.start)
            while left > 0 and (octets := file.read(min(left, _AT_ONCE))):
                digest.update(octets)
                left -= len(octets)
    except (Refusal, OSError):
        return None
    return digest.digest()
