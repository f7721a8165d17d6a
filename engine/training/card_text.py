"""The lines of a card."""

from itertools import chain, groupby
from textwrap import wrap

WIDTH = 100
_SET = ("", "#", "|", "-", " ", "*", ">", *"0123456789")
"""How lines begin that are not a paragraph's."""


def wrapped(said: str) -> str:
    """Paragraphs in lines of one length; headings, tables and lists stay as they are."""
    parts = [
        ["\n".join(lines)] if is_set else wrap("\n".join(lines), WIDTH, break_on_hyphens=False)
        for is_set, lines in groupby(said.splitlines(), lambda line: line[:1] in _SET)
    ]
    return "\n".join(chain.from_iterable(parts)) + "\n"
