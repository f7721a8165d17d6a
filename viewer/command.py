"""What a command is: one row of the table in ``commands``."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from viewer.window import Window


class Menu(Enum):
    """Where a command stands in the menu bar; what follows View are its submenus."""

    FILE = "File"
    EDIT = "Edit"
    VIEW = "View"
    ZOOM = "Zoom"
    HEATMAP = "Heatmap"
    OVERLAY = "Overlay"
    VIEWS = "Planes and links"
    CINE = "Cine and frames"
    IMAGE = "Grey values and turning"
    SLAB = "Slab"
    COMPARED = "Comparison"
    EYES = "Both eyes"
    VISITS = "Visits"
    TOOLS = "Tools"
    HELP = "Help"
    NONE = ""


SUBMENUS = frozenset(
    (Menu.ZOOM, Menu.HEATMAP, Menu.OVERLAY, Menu.VIEWS, Menu.CINE, Menu.IMAGE, Menu.SLAB)
) | {Menu.COMPARED, Menu.EYES, Menu.VISITS}
"""The menus within View: it has more commands than a screen has lines."""


class Where(Enum):
    """What must have the focus for a command's key to act: anything, or a picture of a kind."""

    WINDOW = auto()
    PICTURE = auto()
    PHOTOGRAPH = auto()
    VOLUME = auto()
    COMPARE = auto()
    """The Compare tab, where the commands of a photograph's view act too."""
    EYES = auto()
    """The Read tab's photographs alone."""


class Bar(Enum):
    """Where a command stands as a button."""

    NONE = auto()
    TOP = auto()
    TABS = auto()
    """The tabs: words alone."""
    TOOLS = auto()
    HANDS = auto()
    """What a hand does to any picture: icons alone, the last in a menu where there is no room."""
    VIEWS = auto()
    """What only photographs or only volumes have of these, and their views: icons alone."""
    STEP = auto()
    TOOLS_END = auto()


Do = Callable[["Window"], object]
May = Callable[["Window"], bool]


def always(window: Window) -> bool:  # noqa: ARG001
    """May at any time."""
    return True


@dataclass(frozen=True)
class Command:
    """One row. ``keys`` are in Qt's portable text; ``help`` says in a sentence what it does.

    A command with ``let_go`` is a held one: ``do`` acts when its key goes down, ``let_go`` when it
    comes up. ``on`` tells whether a command that switches something is on. One that ``repeats``
    acts again and again while its key stays down. ``now`` are its words in menu and command box
    where they depend on what is shown; ``words`` are those of the keys' page.
    """

    name: str
    words: str
    keys: tuple[str, ...]
    help: str
    do: Do
    may: May = always
    menu: Menu = Menu.NONE
    where: Where = Where.WINDOW
    icon: str = ""
    bar: Bar = Bar.NONE
    on: May | None = None
    let_go: Do | None = None
    gap_before: bool = False
    repeats: bool = False
    now: Callable[[Window], str] | None = None


def key_words(key: str) -> str:
    """A key as the key table writes it: "Ctrl+Shift+S" stays, a comma is named."""
    named = {",": ", (comma)", ".": ". (full stop)", "Ctrl+,": "Ctrl+, (comma)", "-": "− (minus)"}
    return named.get(key, key)
