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
        ["\n".join(lines)] if is_set else _paragraph("\n".join(lines))
        for is_set, lines in groupby(said.splitlines(), lambda line: bool(_SET.match(line)))
    ]
    return "\n".join(chain.from_iterable(parts)) + "\n"


def one_line(words: str) -> str:
    """What a person wrote, as part of a line: it begins no line and no heading of its own."""
    plain = "".join(letter if letter.isprintable() else " " for letter in words)
    return " ".join(plain.split()).lstrip("# ")


def ended(words: str) -> str:
    """What a person wrote, as a sentence that another may follow."""
    plain = words.rstrip()
    return plain if plain.endswith((".", "!", "?")) else f"{plain}."


def asked(views: int) -> str:
    """How often each photograph is asked about, with a space behind; "" where it is once."""
    if views == 1:
        return ""
    return (
        "Here as in the pack each photograph is asked about four times, as it is, mirrored, upside "
        "down and both, and the mean counts. "
    )


def _paragraph(said: str) -> list[str]:
    # A line that happens to begin with a # must be no heading.
    return [f"\\{line}" if line.startswith("#") else line for line in _WRAPPER.wrap(said)]
