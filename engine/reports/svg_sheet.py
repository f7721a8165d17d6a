"""A page that keeps lines as lines and letters as letters: SVG, for those who set figures anew."""

from html import escape

from PIL import Image

from engine.reports.sheet import Points, Sheet, Type, Weight

_WEIGHTS = {Weight.REGULAR: 400, Weight.MEDIUM: 500, Weight.SEMIBOLD: 600}
_ANCHORS = {"l": "start", "m": "middle", "r": "end"}


class SvgSheet:
    """Draws as ``Sheet`` does, in logical pixels; ``document`` is the whole picture.

    Letters stay text, in Inter where it is installed: they are measured by it.
    """

    def __init__(self, width: float, height: float, ground: str) -> None:
        self._size = width, height
        self._ground = ground
        self._parts: list[str] = []
        self._measure = Sheet(Image.new("RGB", (1, 1)), 4)

    def text(
        self, at: tuple[float, float], text: str, use: Type, colour: str, anchor: str = "ls"
    ) -> None:
        """See ``Sheet``."""
        self._parts.append(
            f'<text x="{at[0]:.2f}" y="{at[1]:.2f}" font-size="{use.pixels:g}" '
            f'font-weight="{_WEIGHTS[use.weight]}" fill="{colour}" '
            f'text-anchor="{_ANCHORS[anchor[0]]}">{escape(text)}</text>'
        )

    def width(self, text: str, use: Type) -> float:
        """See ``Sheet``."""
        return self._measure.width(text, use)

    def cut(self, text: str, use: Type, width: float) -> str:
        """See ``Sheet``."""
        return self._measure.cut(text, use, width)

    def wrapped(self, text: str, use: Type, width: float) -> list[str]:
        """See ``Sheet``."""
        return self._measure.wrapped(text, use, width)

    def rectangle(self, box: tuple[float, float, float, float], colour: str) -> None:
        """See ``Sheet``."""
        left, top, right, bottom = box
        self._parts.append(
            f'<rect x="{left:.2f}" y="{top:.2f}" width="{right - left:.2f}" '
            f'height="{bottom - top:.2f}" fill="{colour}"/>'
        )

    def polygon(self, points: list[tuple[float, float]], colour: str) -> None:
        """See ``Sheet``."""
        self._parts.append(f'<polygon points="{_points(points)}" fill="{colour}"/>')

    def line(self, points: Points, colour: str, dashes: tuple[float, ...] = ()) -> None:
        """See ``Sheet``."""
        dashed = f' stroke-dasharray="{" ".join(f"{dash:g}" for dash in dashes)}"' if dashes else ""
        self._parts.append(
            f'<polyline points="{_points(points)}" fill="none" stroke="{colour}" '
            f'stroke-width="2" stroke-linejoin="round"{dashed}/>'
        )

    def document(self) -> str:
        """The picture as text."""
        width, height = self._size
        head = (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:g}" height="{height:g}" '
            f'viewBox="0 0 {width:g} {height:g}" font-family="Inter, sans-serif" '
            "font-feature-settings=\"'tnum'\">"
        )
        ground = f'<rect width="{width:g}" height="{height:g}" fill="{self._ground}"/>'
        return "\n".join((head, ground, *self._parts, "</svg>", ""))


def _points(points: Points) -> str:
    return " ".join(f"{x:.2f},{y:.2f}" for x, y in points)
