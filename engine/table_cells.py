"""Cells of a table that people open in a spreadsheet: what somebody typed or named stays text.

A spreadsheet takes a cell that begins with = + - or @ for a formula, and a formula may fetch and
send.
"""

from collections.abc import Sequence

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def as_text(cell: str) -> str:
    """The cell, after an apostrophe where it would be taken for a formula."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def as_path(path: str) -> str:
    """The same for a relative path, which stays one: ./=a.jpg."""
    return f"./{path}" if path.startswith(_FORMULA) else path


def columns_beside(names: Sequence[str], taken: Sequence[str]) -> tuple[str, ...]:
    """Columns called by ``names``, as "stage low" where "low" is ``taken``: all of them differ."""
    found: list[str] = []
    for name in names:
        column = as_text(name)
        while column in (*taken, *found):
            column = f"stage {column}"
        found.append(column)
    return tuple(found)
