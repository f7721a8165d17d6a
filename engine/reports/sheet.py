"""A page to draw on in logical pixels, with Inter and its tabular figures."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from importlib import resources
from itertools import pairwise
from math import hypot
from typing import Protocol

from PIL import Image, ImageDraw, ImageFont, features


class Weight(Enum):
    """The bundled weights of Inter, by the file's name."""

    REGULAR = "Regular"
    MEDIUM = "Medium"
    SEMIBOLD = "SemiBold"


@dataclass(frozen=True)
class Type:
    """A size in logical pixels and a weight (LOOK 3)."""

    pixels: float
    weight: Weight = Weight.REGULAR


@lru_cache(maxsize=64)
def _font(weight: Weight, pixels: float) -> ImageFont.FreeTypeFont:
    file = resources.files("resources") / "fonts" / f"Inter-{weight.value}.otf"
    return ImageFont.truetype(io.BytesIO(file.read_bytes()), pixels)


@lru_cache(maxsize=1)
def _tabular() -> list[str] | None:
    # Figures of one width need Raqm, which some builds of Pillow lack; there, figures still read.
    return ["tnum"] if features.check("raqm") else None


Points = Sequence[tuple[float, float]]


class Canvas(Protocol):
    """What curves are drawn on: a ``Sheet`` of pixels, or one that keeps lines as lines."""

    def text(
        self, at: tuple[float, float], text: str, use: Type, colour: str, anchor: str = "ls"
    ) -> None:
        """See ``Sheet``."""

    def width(self, text: str, use: Type) -> float:
        """See ``Sheet``."""

    def cut(self, text: str, use: Type, width: float) -> str:
        """See ``Sheet``."""

    def wrapped(self, text: str, use: Type, width: float) -> list[str]:
        """See ``Sheet``."""

    def rectangle(self, box: tuple[float, float, float, float], colour: str) -> None:
        """See ``Sheet``."""

    def polygon(self, points: list[tuple[float, float]], colour: str) -> None:
        """See ``Sheet``."""

    def line(self, points: Points, colour: str, dashes: tuple[float, ...] = ()) -> None:
        """See ``Sheet``."""


class Sheet:
    """A picture drawn in logical pixels, ``scale`` of its own pixels to each."""

    def __init__(self, image: Image.Image, scale: float) -> None:
        self.image = image
        self.scale = scale
        self._draw = ImageDraw.Draw(image)

    def width(self, text: str, use: Type) -> float:
        """How wide a line of text will be, in logical pixels."""
        font = _font(use.weight, use.pixels * self.scale)
        return font.getlength(text, features=_tabular()) / self.scale

    def text(
        self, at: tuple[float, float], text: str, use: Type, colour: str, anchor: str = "ls"
    ) -> None:
        """Write one line; ``anchor`` as in Pillow, "ls" for left end and base line."""
        font = _font(use.weight, use.pixels * self.scale)
        self._draw.text(
            self._point(at), text, font=font, fill=colour, anchor=anchor, features=_tabular()
        )

    def cut(self, text: str, use: Type, width: float) -> str:
        """The text, or as much of it as fits, with three dots in place of its middle."""
        if self.width(text, use) <= width:
            return text
        # The end is kept: it holds the version and the hash.
        kept = len(text) // 2
        while kept > 1 and self.width(f"{text[:kept]}…{text[-kept:]}", use) > width:
            kept -= 1
        return f"{text[:kept]}…{text[-kept:]}"

    def wrapped(self, text: str, use: Type, width: float) -> list[str]:
        """Break a text into lines no wider than ``width``."""
        lines: list[str] = []
        for word in text.split(" "):
            longer = f"{lines[-1]} {word}" if lines else word
            if lines and self.width(longer, use) <= width:
                lines[-1] = longer
            else:
                lines.append(word)
        return lines

    def rectangle(self, box: tuple[float, float, float, float], colour: str) -> None:
        """Fill left, top, right, bottom: edges between pixels, so that boxes meet and no more."""
        left, top, right, bottom = (round(edge * self.scale) for edge in box)
        if right > left and bottom > top:
            self._draw.rectangle((left, top, right - 1, bottom - 1), fill=colour)

    def polygon(self, points: list[tuple[float, float]], colour: str) -> None:
        """Fill a polygon."""
        self._draw.polygon([self._point(point) for point in points], fill=colour)

    def line(self, points: Points, colour: str, dashes: tuple[float, ...] = ()) -> None:
        """A line of two logical pixels through points; ``dashes`` are drawn and left out by turns.

        Their lengths are logical pixels; none is a whole line.
        """
        for piece in dashed(points, dashes) if dashes else [points]:
            real = [self._point(point) for point in piece]
            self._draw.line(real, fill=colour, width=round(2 * self.scale), joint="curve")

    def paste(self, picture: Image.Image, at: tuple[float, float]) -> None:
        """Lay a picture, in its own pixels, with its left upper corner at ``at``."""
        x, y = self._point(at)
        self.image.paste(picture, (round(x), round(y)))

    def stamp(self, mask: Image.Image, at: tuple[float, float], colour: str) -> None:
        """Paint ``colour`` through a grey mask in the sheet's own pixels."""
        x, y = self._point(at)
        self.image.paste(colour, (round(x), round(y)), mask)

    def _point(self, at: tuple[float, float]) -> tuple[float, float]:
        return at[0] * self.scale, at[1] * self.scale


def dashed(points: Points, dashes: tuple[float, ...]) -> list[list[tuple[float, float]]]:
    """A polyline cut into its dashes: drawn and left out by turns, with these lengths."""
    pieces: list[list[tuple[float, float]]] = [[points[0]]]
    turn, left = 0, dashes[0]
    for (x, y), (to_x, to_y) in pairwise(points):
        length = hypot(to_x - x, to_y - y)
        done = 0.0
        while length - done > left:
            done += left
            at = (x + (to_x - x) * done / length, y + (to_y - y) * done / length)
            if turn % 2 == 0:
                pieces[-1].append(at)
            else:
                pieces.append([at])
            turn += 1
            left = dashes[turn % len(dashes)]
        left -= length - done
        if turn % 2 == 0:
            pieces[-1].append((to_x, to_y))
    return [piece for piece in pieces if len(piece) > 1]
