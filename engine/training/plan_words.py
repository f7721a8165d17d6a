"""What is wrong in a plan, in the words of whoever wrote it: which key, and what it may be."""

import re
from difflib import get_close_matches
from typing import Any, Literal, get_args, get_origin, get_type_hints

import msgspec
from msgspec import Struct

from engine import pack_names

_MISSING = re.compile(r"Object missing required field `(.+?)`(?: - at `\$\.?(.*)`)?")
_UNKNOWN = re.compile(r"Object contains unknown field `(.+?)`(?: - at `\$\.?(.*)`)?")
_NO_CHOICE = re.compile(r"Invalid enum value '?(.+?)'? - at `\$\.(.+)`")
_FORM = re.compile(r"Expected `str` matching regex .* - at `\$\.(.+)`")
_OTHER = re.compile(r"(.+) - at `\$\.(.+)`")

_RECIPES = ("retinopathy", "stages", "lesions")
"""Each has a kind of plan of its own, and says that it is the only one."""


def fault(error: msgspec.DecodeError, kind: type[Struct]) -> str:
    """What a plan of this kind has wrong, as msgspec found it."""
    said = str(error)
    if found := _MISSING.fullmatch(said):
        return f"{_key(found[2], found[1])} is missing"
    if found := _UNKNOWN.fullmatch(said):
        return f"{_key(found[2], found[1])} is no key of a plan{_near(kind, found[2], found[1])}"
    if found := _NO_CHOICE.fullmatch(said):
        choices = _RECIPES if found[2] == "recipe" else _choices(_at(kind, found[2]))
        allowed = ", ".join(map(str, choices))
        return f"{found[2]} is “{found[1]}”{f', and may be {allowed}' if allowed else ''}"
    if found := _FORM.fullmatch(said):
        return f"in {found[1]}, {pack_names.MEANT[found[1].rpartition('.')[2]]}"
    if found := _OTHER.fullmatch(said):
        return f"in {found[2]}, {found[1][0].lower()}{found[1][1:]}"
    return said


def _key(table: str | None, name: str) -> str:
    return f"{table}.{name}" if table else name


def _near(kind: type[Struct], table: str | None, name: str) -> str:
    """The key that may have been meant."""
    found = _at(kind, table) if table else kind
    keys = [key for each in (found, *get_args(found)) for key in _keys(each)]
    near = get_close_matches(name, keys, 1)
    return f"; {_key(table, near[0])} is one" if near else ""


def _keys(kind: Any) -> tuple[str, ...]:
    is_table = isinstance(kind, type) and issubclass(kind, Struct)
    return tuple(kind.__struct_encode_fields__) if is_table else ()


def _at(kind: Any, path: str) -> Any:
    """The type that stands at a key such as ``network.size``; None where that is not plain."""
    for name in path.split("."):
        tables = [each for each in (kind, *get_args(kind)) if name in _keys(each)]
        kind = get_type_hints(tables[0])[name] if tables else None
    return kind


def _choices(kind: Any) -> list[Any]:
    """What a key may be that has to be one of some words or numbers."""
    parts = [part for part in (kind, *get_args(kind)) if get_origin(part) is Literal]
    return [each for part in parts for each in get_args(part)]
