"""What a pack may be called: a name that can be a folder's, and a version that can be compared."""

import re

_DEVICE = r"(?i:con|prn|aux|nul|com[0-9]|lpt[0-9])"
NAME = rf"(?!{_DEVICE}(\.|$))[A-Za-z0-9][A-Za-z0-9._+-]{{0,63}}"
"""What every file system takes, and a terminal prints as it stands. Windows keeps some names for
its devices, whatever ending follows."""
_NUMBER = r"(0|[1-9][0-9]{0,8})"
VERSION = rf"{_NUMBER}(\.{_NUMBER}){{0,3}}"
"""The highest version is asked where none is named: it must be told which that is, so 1.02 and 1.2
are not two."""

MEANT = {
    "name": "a name takes Latin letters, digits and - . _ +, at most 64, a letter or digit first; "
    "CON, NUL and the like are Windows' own",
    "version": "a version is numbers parted by dots, none beginning with 0, such as 1.2.0",
}


def is_name(words: str) -> bool:
    """Whether a pack can be filed under this name, or under this older pack's version."""
    return re.fullmatch(NAME, words) is not None


def is_version(words: str) -> bool:
    """Whether a new pack may have this version."""
    return re.fullmatch(VERSION, words) is not None


def has_leading_zero(version: str) -> bool:
    """Whether a number of an older pack's version begins with 0: 01.2 would pass for 1.2."""
    return re.search(r"(^|\.)0[0-9]", version) is not None
