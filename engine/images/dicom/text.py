"""Names and descriptions in the letters of the person whose they are."""

import re
import warnings
from functools import lru_cache

from engine.images.dicom.elements import Elements, content_of, words
from engine.images.dicom.tags import SPECIFIC_CHARACTER_SET

_ESCAPE = re.compile(r"\x1b[-$()]{1,2}.")
_DELIMITERS = {ord(letter) for letter in "^=\\\r\n\f"}
"""What ends a change of character set within a text (DICOM PS3.5, 6.1.2.5.3)."""


class Letters:
    """Decodes text by what a file says about its character sets.

    What cannot be read as said, and what nothing is said about, is read as UTF-8, and else as
    Western European letters.
    """

    def __init__(self, elements: Elements) -> None:
        self._elements = elements
        self._encodings: list[str] | None = None

    def text(self, tag: int) -> str:
        """A word or a sentence of the file's own, empty if it is not there."""
        return self.text_in(self._elements, tag)

    def text_in(self, elements: Elements, tag: int) -> str:
        """A word or a sentence of one of its sequences' items."""
        content = content_of(elements, tag)
        if content.isascii() and b"\x1b" not in content:
            return content.decode("ascii")
        return self._decode(content).strip(" \0")

    def name(self, tag: int) -> str:
        """A person's name, its parts by spaces; in Latin letters if it is written in them too."""
        return _readable(self.text(tag))

    def _decode(self, content: bytes) -> str:
        if self._encodings is None:
            self._encodings = _encodings(words(self._elements, SPECIFIC_CHARACTER_SET))
        if self._encodings:
            from pydicom.charset import decode_bytes

            with warnings.catch_warnings():
                warnings.simplefilter("error")  # that letters were replaced
                try:
                    return _ESCAPE.sub("", decode_bytes(content, self._encodings, _DELIMITERS))
                except (UnicodeError, LookupError, UserWarning):
                    pass
        try:
            return content.decode("utf-8")
        except UnicodeDecodeError:
            return content.decode("latin-1")


@lru_cache(maxsize=1 << 8)
def _readable(name: str) -> str:
    """The first group of a name that says anything, its parts by spaces."""
    written = next((group for group in name.split("=") if group.strip(" ^")), "")
    return " ".join(part.strip() for part in written.split("^") if part.strip())


def _encodings(sets: tuple[str, ...]) -> list[str]:
    """Python's names of the character sets; empty for none and for unknown ones."""
    from pydicom.charset import convert_encodings, default_encoding

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            found = list(convert_encodings(list(sets)))
        except (LookupError, ValueError):
            return []
    return [] if found == [default_encoding] else found
