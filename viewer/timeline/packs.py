"""Which packs answered about a visit, and that they are others than before."""

from collections.abc import Sequence

Packs = tuple[tuple[str, str, str] | None, tuple[str, str, str] | None]
"""Name, version and seal of two packs: that of stages, and that of Referable."""


def change_words(before: Sequence[Packs], now: Packs) -> str:
    """Both packs, where the last visit that was answered before had another for the same."""
    for part in (0, 1):
        old, new = next((packs[part] for packs in reversed(before) if packs[part]), None), now[part]
        if old is not None and new is not None and old[2] != new[2]:
            if old[0] == new[0] and old[1] != new[1]:
                return f"pack {old[1]} → {new[1]}"
            return f"pack {old[0]} {old[1]} → {new[0]} {new[1]}"
    return ""
