"""What a pack may be called: a name that can be a folder's, and a version that can be compared."""

import re

NAME = r"[A-Za-z0-9][A-Za-z0-9._+-]{0,63}"
"""What every file system takes, and a terminal prints as it stands."""
VERSION = r"[0-9]{1,9}(\.[0-9]{1,9}){0,3}"
"""The highest version is asked where none is named: it must be told which that is."""

MEANT = {
    "name": "a name takes Latin letters, digits and - . _ +, at most 64, a letter or digit first",
    "version": "a version is numbers parted by dots, such as 1.2.0",
}


def is_name(words: str) -> bool:
    """Whether a pack can be filed under this name, or under this older pack's version."""
    return re.fullmatch(NAME, words) is not None


def is_version(words: str) -> bool:
    """Whether a new pack may have this version."""
    return re.fullmatch(VERSION, words) is not None
