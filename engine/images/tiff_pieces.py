"""Where a TIFF's strips or tiles lie, and whether a file that Pillow refuses holds them all."""

import io
import warnings

from PIL.TiffImagePlugin import ImageFileDirectory_v2

WIDTH, HEIGHT = 256, 257

# Tags of offsets and lengths: of strips, and of tiles.
_PIECES = ((273, 279), (324, 325))
_BIG = b"+"


def pieces_of(tags: ImageFileDirectory_v2) -> tuple[int, int]:
    """The tags of a directory that hold its pieces' offsets and lengths.

    Raises ``ValueError`` if there are none.
    """
    for offsets, lengths in _PIECES:
        if offsets in tags and lengths in tags:
            return offsets, lengths
    raise ValueError("no strips and no tiles")


def is_whole_tiff(content: bytes) -> bool:
    """Whether the first picture's directory makes sense, and all its pieces lie within the file."""
    file = io.BytesIO(content)
    try:
        tags = ImageFileDirectory_v2(file.read(16 if content[2:3] == _BIG else 8))
        file.seek(tags.next)
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            tags.load(file)
        offsets, lengths = pieces_of(tags)
        ends = [at + length for at, length in zip(tags[offsets], tags[lengths], strict=True)]
        return bool(min(tags[WIDTH], tags[HEIGHT]) > 0 and 0 < max(ends) <= len(content))
    except Exception:  # the reader raises whatever a damaged directory trips over
        return False
