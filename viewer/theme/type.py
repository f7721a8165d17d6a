"""Type: the bundled family, loaded once, with figures of one width."""

from functools import cache
from importlib.resources import files

from PySide6.QtGui import QFont, QFontDatabase

from viewer.theme import tokens
from viewer.theme.tokens import Type


@cache
def load() -> bool:
    """Load the bundled fonts; True if the family is there afterwards."""
    folder = files("resources") / "fonts"
    for file in folder.iterdir():
        if file.name.endswith((".ttf", ".otf")):
            QFontDatabase.addApplicationFontFromData(file.read_bytes())
    return tokens.FAMILY in QFontDatabase.families()


def font(use: Type) -> QFont:
    """The font for one use of LOOK 3."""
    made = QFont(tokens.FAMILY)
    made.setPixelSize(use.pixels)
    made.setWeight(QFont.Weight(use.weight))
    if use.spacing:
        made.setLetterSpacing(QFont.SpacingType.AbsoluteSpacing, use.spacing)
    made.setFeature(QFont.Tag("tnum"), 1)
    # Else "24x38" is drawn as "24×38" and "->" as an arrow: names are drawn as they are.
    made.setFeature(QFont.Tag("calt"), 0)
    return made
