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


def mix(over: str, under: str, share: float) -> str:
    """``over`` laid on ``under`` with alpha ``share``, as one solid colour."""
    pairs = ((int(over[i : i + 2], 16), int(under[i : i + 2], 16)) for i in (1, 3, 5))
    return "#" + "".join(f"{round(share * a + (1 - share) * b):02X}" for a, b in pairs)
