"""The words in which a region, and what a list of regions leaves out, are told to a reader.

A region has a number and a place, never a disease's name; its colour is a guess and says so. Of a
network that draws lesions it has the kind that the network took it for, and how sure it was that
it is a lesion at all.
"""

from collections.abc import Sequence
from typing import Any

from engine.answers import Bearing, Landmarks, Position, Tint
from engine.pictures import Laterality
from engine.telling.words import percent

NO_DISC = "position not known: no disc found"
AT_EDGE = "The fovea lies near the edge of the field, where its place is unsure."
PICTURE = "in the picture"
"""Behind sides that are the picture's own, where nobody knows which eye it is."""

_LEAST_NAMED = 0.05

_TINTS = {
    Tint.BRIGHT: "bright (guess)",
    Tint.RED: "red (guess)",
    Tint.UNCLEAR: "no clear colour",
}


def share_words(region: Any) -> str:
    """A region's part of the whole map: "24 % of all evidence"; empty of a drawn lesion.

    Decided: a chance of a lesion is nowhere quite 0, and summed over a whole fundus such small ones
    outweigh a few lesions, whose part would then read as if most were hidden.
    """
    return "" if region.kind else f"{percent(region.share)} of all evidence"


def tint_words(tint: Tint) -> str:
    """The guess at a region's colour against its surroundings."""
    return _TINTS[tint]


def sure_words(kind: str, chance: float) -> str:
    """The likeliest kind, and how sure the network is: "haemorrhage, 83 % sure of a lesion"."""
    return f"{kind}, {only_sure_words(chance)}"


def only_sure_words(chance: float) -> str:
    """How sure it is: "83 % sure of a lesion".

    Of a lesion of any kind: that is what the map tells, never how sure the kind is.
    """
    return f"{percent(chance)} sure of a lesion"


def spot_words(kind: str, chance: float) -> str:
    """What the network drew at a spot; decided: under 5 % the likeliest kind says nothing."""
    return sure_words(kind, chance) if chance >= _LEAST_NAMED else only_sure_words(chance)


def looks_words(region: Any) -> str:
    """What a region looks like: the lesion that the network drew, else a guess at its colour."""
    return sure_words(region.kind, region.peak) if region.kind else tint_words(region.tint)


def counts_words(kinds: Sequence[tuple[str, int]]) -> str:
    """How many of each kind there are: "12 microaneurysms, 3 haemorrhages"; "" if none are told."""
    if not kinds:
        return ""
    found = ", ".join(_counted_kind(*each) for each in kinds if each[1])
    return found or "no lesion"


def size_words(position: Position) -> str:
    """How long a region is: "0.8 DD wide", in mm where the scale is known; empty without any."""
    if position.millimetres is not None:
        return f"{_tenths(position.millimetres)} mm wide"
    return "" if position.diameters is None else f"{_tenths(position.diameters)} DD wide"


def _tenths(length: float) -> str:
    """To a tenth; what would be told as nothing is small: "under 0.1"."""
    return "under 0.1" if length < 0.05 else f"{length:.1f}"


def place_words(position: Position, eye: Laterality | None) -> str:
    """Where a region lies: "superior temporal, 1.2 DD from fovea"; from the disc without one.

    The direction is that of the hour, seen from the landmark; the sides are the eye's, or where
    that is not known the picture's. What covers the fovea, or has its centre on the disc, says so
    first: "at the fovea, centre 0.7 DD from fovea".
    """
    bearing = position.from_fovea or position.from_disc
    if bearing is None:
        return NO_DISC
    landmark = "fovea" if position.from_fovea is not None else "disc"
    away = f"{bearing.diameters:.1f} DD from {landmark}"
    if position.at_fovea:
        on_disc = " and on the disc" if position.on_disc else ""
        return f"at the fovea{on_disc}, centre {away}"
    if position.on_disc:
        return f"on the disc, {away}"
    return f"{direction_words(bearing, eye)}, {away}"


def clock_words(position: Position) -> str:
    """The hour at which it lies, from the fovea or else the disc: "10 o'clock"; empty without."""
    bearing = position.from_fovea or position.from_disc
    return "" if bearing is None else f"{bearing.hour} o’clock"


def direction_words(bearing: Bearing, eye: Laterality | None) -> str:
    """The direction of an hour: 12 is superior, 1 and 2 superior and to one side."""
    if eye is None:
        right, left, behind = "right", "left", f" {PICTURE}"
    else:
        right, left = "nasal", "temporal"
        behind = ""
        if eye is Laterality.LEFT:
            right, left = left, right
    hour = bearing.hour % 12
    up_down = "superior" if hour in (10, 11, 0, 1, 2) else "inferior" if 4 <= hour <= 8 else ""
    side = right if 1 <= hour <= 5 else left if 7 <= hour <= 11 else ""
    return " ".join(word for word in (up_down, side) if word) + (behind if side else "")


def left_out_words(
    threshold: float,
    listed: float,
    specks: tuple[int, float],
    rest: tuple[int, float],
    *,
    shares: bool,
) -> str:
    """What a list leaves out, with ``shares`` each with its part of the map: all of it is one.

    ``listed`` is the share of all listed regions; specks and weaker regions are told by how many
    they are and their share. Of drawn lesions parts are not told: see ``share_words``.
    """
    parts = []
    for (number, share), what in ((rest, "weaker region"), (specks, "speck")):
        if number:
            parts.append((_counted(number, what), share))
    below = max(1 - listed - specks[1] - rest[1], 0.0)
    parts.append((f"what lies below {threshold:.2f}", below))
    told = [f"{what} ({percent(share)})" if shares else what for what, share in parts]
    if shares:
        told[0] = f"{parts[0][0]} ({percent(parts[0][1])} of all evidence)"
    return f"Left out: {_listed(told)}."


def landmark_words(found: Landmarks, *, disc_is_yours: bool, fovea_is_yours: bool) -> str:
    """Whose disc and fovea distances are taken from: "Disc found by the program, fovea yours."."""
    disc = "yours" if disc_is_yours else _found(found.disc is not None)
    fovea = "yours" if fovea_is_yours else _found(found.fovea is not None)
    words = f"Disc {disc}, fovea {fovea}." if disc != fovea else f"Disc and fovea {disc}."
    return f"{words} {AT_EDGE}" if AT_EDGE in found.notes and not fovea_is_yours else words


def _counted_kind(kind: str, number: int) -> str:
    if kind == "new vessels":
        return f"{kind} in {_counted(number, 'place')}"
    return _counted(number, kind)


def _found(there: bool) -> str:
    return "found by the program" if there else "not found"


def _listed(parts: list[str]) -> str:
    *first, last = parts
    return f"{', '.join(first)} and {last}" if first else last


def _counted(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"
