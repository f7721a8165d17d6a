"""The lines of a card."""

import re
from itertools import chain, groupby
from textwrap import TextWrapper

WIDTH = 100
_SET = re.compile(r"$|[#|\- *>]|\d+[.)] ")
"""How lines begin that are not a paragraph's, which may begin with a number, too."""
# An address is of use only whole.
_WRAPPER = TextWrapper(WIDTH, break_long_words=False, break_on_hyphens=False)


def wrapped(said: str) -> str:
    """Paragraphs in lines of one length; headings, tables and lists stay as they are."""
    parts = [
        ["\n".join(lines)] if is_set else _WRAPPER.wrap("\n".join(lines))
        for is_set, lines in groupby(said.splitlines(), lambda line: bool(_SET.match(line)))
    ]
    return "\n".join(chain.from_iterable(parts)) + "\n"
