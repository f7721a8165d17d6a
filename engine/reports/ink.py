"""The colours of drawn pages: the dark tokens of LOOK 4 that a page needs, and no others."""

GROUND = "#000000"
PANEL = "#171B20"
CONTROL = "#2A323B"
LINE = "#343D47"
EDGE = "#74808D"
TEXT1 = "#EEF1F4"
TEXT2 = "#BCC5CE"
TEXT3 = "#95A0AC"
MODEL = "#5FB4FF"
READER = "#F4C24D"
REFER = "#FF9B73"
STRIP = TEXT1
ON_STRIP = "#0F1215"
LADDER = ("#5D6B7C", "#818C96", "#A89C70", "#EBAD6E", "#FFE2CF")
"""Of stages, from none to the last."""


def ladder(place: float) -> str:
    """The ladder's colour at a place from 0 to 4, between two steps a mixture of both."""
    below = min(int(place), len(LADDER) - 2)
    return mix(LADDER[below + 1], LADDER[below], place - below)


def on(ground: str) -> str:
    """The ink for a digit on a ladder's colour: dark or white, by the higher contrast (WCAG)."""
    light = _luminance(ground) + 0.05
    return "#0B0D10" if light / (_luminance("#0B0D10") + 0.05) >= 1.05 / light else "#FFFFFF"


def _luminance(colour: str) -> float:
    parts = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def mix(over: str, under: str, share: float) -> str:
    """``over`` laid on ``under`` with alpha ``share``, as one solid colour."""
    pairs = ((int(over[i : i + 2], 16), int(under[i : i + 2], 16)) for i in (1, 3, 5))
    return "#" + "".join(f"{round(share * a + (1 - share) * b):02X}" for a, b in pairs)
