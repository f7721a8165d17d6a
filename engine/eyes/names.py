"""Which eye a file's name says, and what of the name is left for its fellow to share."""

import re
from dataclasses import dataclass
from functools import lru_cache

from engine.pictures import Laterality

_RIGHT, _LEFT = Laterality.RIGHT, Laterality.LEFT

# Abbreviations: ophthalmologists' Latin (also French OG, Spanish OI, Portuguese OE for the left),
# the English RE and LE; capitals only, as a word of their own or after a number (PAPILA's
# RET002OD): in small letters they are words and parts of words.
_SHORT = {
    "OD": _RIGHT, "RE": _RIGHT, "OS": _LEFT, "OG": _LEFT, "OI": _LEFT, "OE": _LEFT, "LE": _LEFT,
}  # fmt: skip
_LONG = {
    "right": _RIGHT, "left": _LEFT, "rechts": _RIGHT, "links": _LEFT,
    "droit": _RIGHT, "gauche": _LEFT, "derecho": _RIGHT, "izquierdo": _LEFT,
}  # fmt: skip
# UK Biobank's fields for fundus photographs.
_FIELDS = {"21016": _RIGHT, "21015": _LEFT}
_LETTERS = {"R": _RIGHT, "L": _LEFT}

_WORD = r"(?<![^\W\d_]){}(?![^\W\d_])"
"""Not a part of a longer word; digits, underscores and hyphens part words."""

_RULES: tuple[tuple[re.Pattern[str], dict[str, Laterality]], ...] = (
    (re.compile(_WORD.format("(OD|OS|OG|OI|OE|RE|LE)")), _SHORT),
    (re.compile(_WORD.format(f"({'|'.join(_LONG)})"), re.IGNORECASE), _LONG),
    (re.compile(r"(?<=\d_)(21015|21016)(?=_\d)"), _FIELDS),
    # CHASE_DB1's Image_01L, DeepDRiD's 1_l1, TOPCON-MM's 12-L-3. Decided: a single letter must
    # follow a number and end its part of the name; elsewhere it may be an initial or a series.
    (re.compile(r"(?<=\d)[ _-]?([RL])(?=[12]?(?:[ _.-]|$))", re.IGNORECASE), _LETTERS),
)


@dataclass(frozen=True)
class EyeName:
    """``rest`` is the name without its ending, the word for the eye taken out of it.

    Two photographs with one ``rest`` in one folder are of one patient. ``rest`` is empty, and no
    other's, where no eye is said.
    """

    laterality: Laterality | None
    rest: str = ""


@lru_cache(maxsize=65536)
def eye_name(name: str) -> EyeName:
    """Which eye a file's name says; a name that says both says nothing.

    Decided: the first rule that finds something counts, so "17_OD_L2" is a right eye. Which of two
    stereo pictures it is ("left") is not told from which eye it is; the window says where a side
    is from, and the reader corrects it.
    """
    stem = name.rpartition(".")[0] or name
    for rule, meaning in _RULES:
        found = list(rule.finditer(stem))
        # Letters that only look alike when capitals are ignored ("RİGHT") say nothing.
        found = [match for match in found if _key(match[1], meaning)]
        sides = {meaning[_key(match[1], meaning)] for match in found}
        if len(sides) > 1:
            return EyeName(None)
        if sides:
            return EyeName(sides.pop(), _without(stem, found))
    return EyeName(None)


def _key(word: str, meaning: dict[str, Laterality]) -> str:
    """The word as ``meaning`` has it; empty if it has none."""
    return next((each for each in (word, word.lower(), word.upper()) if each in meaning), "")


def _without(stem: str, found: list[re.Match[str]]) -> str:
    """The stem with a mark in the place of each word, in small letters."""
    rest, at = "", 0
    for match in found:
        rest += stem[at : match.start(1)] + "*"
        at = match.end(1)
    return (rest + stem[at:]).casefold()
