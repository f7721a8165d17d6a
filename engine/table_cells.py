"""Cells of a table that people open in a spreadsheet: what somebody typed or named stays text.

A spreadsheet takes a cell that begins with = + - or @ for a formula, and a formula may fetch and
send.
"""

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def as_text(cell: str) -> str:
    """The cell, after an apostrophe where it would be taken for a formula."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def as_path(path: str) -> str:
    """The same for a relative path, which stays one: ./=a.jpg."""
    return f"./{path}" if path.startswith(_FORMULA) else path
