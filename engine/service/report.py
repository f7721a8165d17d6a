"""A report of our own fault: where in the program it was, and nothing about the patient."""

import re
import traceback
from collections.abc import Iterable
from pathlib import Path


def report(error: BaseException, private: Iterable[Path]) -> str:
    """The traceback of ``error`` without the ``private`` paths.

    Folders, file names and what stands before a file's ending are taken out wherever they occur:
    any of them may be a patient's name.
    """
    text = "".join(traceback.format_exception(error))
    for path in private:
        for word in (str(path), str(path.parent), path.name, path.stem, *path.parent.parts[1:]):
            text = _without(text, word)
    return text


def _without(text: str, word: str) -> str:
    for written in (word, repr(word)[1:-1]):
        if written.strip("./\\"):
            text = re.sub(rf"(?<!\w){re.escape(written)}(?!\w)", "<picture>", text)
    return text
