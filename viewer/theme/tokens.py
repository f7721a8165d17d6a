"""Colours, sizes and type as tokens: the only place that knows a colour by its number."""

from dataclasses import dataclass
from enum import StrEnum


class ThemeName(StrEnum):
    """The two looks of the window."""

    DARK = "dark"
    LIGHT = "light"


@dataclass(frozen=True)
class Tokens:
    """One theme's colours, ``#RRGGBB`` (LOOK 4, where their contrasts stand).

    ``stages`` is the ladder of the stages 0 to 4, used for nothing else. ``ground`` lies behind
    pictures and is black in both themes.
    """

    name: ThemeName
    window: str
    panel: str
    raised: str
    control: str
    line: str
    edge: str
    text1: str
    text2: str
    text3: str
    primary: str
    on_primary: str
    model: str
    reader: str
    refer: str
    error: str
    stages: tuple[str, str, str, str, str]
    ground: str = "#000000"


DARK = Tokens(
    name=ThemeName.DARK,
    window="#0F1215",
    panel="#171B20",
    raised="#20262D",
    control="#2A323B",
    line="#343D47",
    edge="#74808D",
    text1="#EEF1F4",
    text2="#BCC5CE",
    text3="#95A0AC",
    primary="#E6EAEE",
    on_primary="#12161A",
    model="#5FB4FF",
    reader="#F4C24D",
    refer="#FF9B73",
    error="#FF8C8C",
    stages=("#5D6B7C", "#818C96", "#A89C70", "#EBAD6E", "#FFE2CF"),
)

LIGHT = Tokens(
    name=ThemeName.LIGHT,
    window="#E9ECEF",
    panel="#FFFFFF",
    raised="#F4F6F8",
    control="#E3E8EC",
    line="#CBD2D9",
    edge="#6F7A86",
    text1="#14181D",
    text2="#3F4954",
    text3="#5A6571",
    primary="#1B2127",
    on_primary="#FFFFFF",
    model="#0A5FB0",
    reader="#855800",
    refer="#A63A12",
    error="#B3261E",
    stages=("#C3CCD6", "#9AA3A6", "#94803A", "#9A4A1E", "#5E160E"),
)

DIGIT_INKS = ("#0B0D10", "#FFFFFF")
"""On a step of a ladder stands the one of higher contrast."""

THEMES = {theme.name: theme for theme in (DARK, LIGHT)}

# ---- on pictures, the same in both themes (LOOK 6)

OVER_TEXT = "#E9EDF1"
OVER_HALO = "#000000"
OVER_MODEL = DARK.model
OVER_READER = DARK.reader
OVER_CROSS = "#C9D1D9"

# ---- sizes, logical pixels at 100 % (LOOK 2 and 8)

TOP_BAR = 48
TOOL_BAR = 44
PANEL_WIDTH = 384
PANEL_LEAST = 340
STRIP = 28
PAD_SIDE = 16
PAD_TOP = 12
GAP = 8
AUTHOR_BAR = 3
RADIUS_CONTROL = 5
RADIUS_CARD = 6
RADIUS_DIALOG = 8
BUTTON = 32
BUTTON_SMALL = 28
COMBO = 30
CHIP = 22
ICON = 18
TARGET = 34
CORNER = 10
PICTURE_LEAST = 480
"""With rail and panel a window of 960: half of a screen of 1920, or one of 1600 at 150 %."""
WINDOW_LEAST = (1280, 800)

# ---- type (LOOK 3): pixels and weight

FAMILY = "Inter"


@dataclass(frozen=True)
class Type:
    """One use of the family: size in logical pixels, weight as CSS counts it."""

    pixels: int
    weight: int
    spacing: float = 0.0


DECISION = Type(24, 600)
FIGURE = Type(18, 600)
TITLE = Type(14, 600)
BODY = Type(13, 400)
BODY_STRONG = Type(13, 600)
SECOND = Type(12, 400)
SMALL_STRONG = Type(12, 600)
AXIS = Type(11, 400)
LABEL = Type(11, 600, 0.6)
OVERLAY = Type(12, 500)
HEADLINE = Type(18, 600)
