"""Names that people and systems spell in several ways, and mean the same file by."""

import unicodedata


def alike(name: str) -> str:
    """The same for names that differ in case, or in an accent's being a letter of its own."""
    return unicodedata.normalize("NFC", name.casefold())
