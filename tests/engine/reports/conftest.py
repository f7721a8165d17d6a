"""What an annotated picture tells."""

import pytest
from annotating import Line

from engine.reports.sheet import Sheet, Type


@pytest.fixture
def lines(monkeypatch: pytest.MonkeyPatch) -> list[Line]:
    """Every line of text that is drawn, with its place in logical pixels."""
    drawn: list[Line] = []
    original = Sheet.text

    def record(
        self: Sheet,
        at: tuple[float, float],
        text: str,
        use: Type,
        colour: str,
        anchor: str = "ls",
    ) -> None:
        width = self.width(text, use)
        left = at[0] - {"l": 0.0, "m": width / 2, "r": width}[anchor[0]]
        if text:
            drawn.append(Line(text, left, left + width, at[1], use.pixels))
        original(self, at, text, use, colour, anchor)

    monkeypatch.setattr(Sheet, "text", record)
    return drawn
