"""A report of our own fault: where in the program it was, and nothing about the patient."""

import re
import sys
import traceback
from collections.abc import Iterable
from pathlib import Path


def report(error: BaseException, private: Iterable[Path]) -> str:
    """The traceback of ``error`` without the ``private`` paths, which may hold a patient's name.

    The places are the program's own and stay; from what an exception says, folders, file names
    and what stands before a file's ending are taken out.
    """
    words = {
        word
        for path in private
        for word in (str(path), str(path.parent), path.name, path.stem, *path.parts)
    }
    parts = [_places(each) + _without(_said(each), words) for each in _chain(error)]
    return "\nThen, while that was handled:\n".join(parts)


def _chain(error: BaseException) -> list[BaseException]:
    """The error and those that led to it, the first first."""
    earlier = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return [*(_chain(earlier) if earlier is not None else ()), error]


def _said(error: BaseException) -> str:
    return "".join(traceback.format_exception_only(error))


def _places(error: BaseException) -> str:
    frames = traceback.extract_tb(error.__traceback__)
    return "".join(
        f"{_short(frame.filename)}:{frame.lineno} in {frame.name}\n    {frame.line}\n"
        for frame in frames
    )


def _short(file: str) -> str:
    """A source file's path as imports see it: where the program lies may tell who uses it."""
    path = Path(file)
    folders = [Path(entry) for entry in sys.path if entry and path.is_relative_to(entry)]
    inside = [str(path.relative_to(folder)) for folder in folders]
    return min(inside, key=len, default=path.name)


def _without(text: str, words: set[str]) -> str:
    for word in sorted(words, key=len, reverse=True):
        for written in (word, repr(word)[1:-1], ascii(word)[1:-1]):
            if written.strip("./\\"):
                text = re.sub(rf"(?<!\w){re.escape(written)}(?!\w)", "…", text)
    return text
