"""The probability bar is drawn to scale, looked at pixel by pixel."""

from typing import Any

import pytest
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QApplication
from window_desk import an_answer, theme_of

from viewer.panels.probability import _SIDE, ProbabilityBar


@pytest.fixture
def bar(qapp: QApplication, qtbot: Any) -> ProbabilityBar:
    made = ProbabilityBar(theme_of(qapp))
    qtbot.addWidget(made)
    made.resize(2 * _SIDE + 1000, made.height())
    return made


def _column(image: QImage, probability: float, y: int) -> QColor:
    return image.pixelColor(round(_SIDE + 1000 * probability), y)


def _middle(bar: ProbabilityBar) -> int:
    return bar.height() - 15 - 4 - 9


def test_the_estimate_stands_where_its_number_is(bar: ProbabilityBar) -> None:
    bar.show_answer(an_answer(probability=0.78))
    image = bar.grab().toImage()
    model = QColor(bar._theme.tokens.model)
    assert _column(image, 0.78, _middle(bar)) == model
    assert _column(image, 0.60, _middle(bar)) != model


def test_the_band_reaches_from_the_lower_to_the_upper_end(bar: ProbabilityBar) -> None:
    bar.show_answer(an_answer(low=0.66, high=0.87, operating_point=0.95, probability=0.78))
    image = bar.grab().toImage()
    blueish = [
        part / 100
        for part in range(101)
        if _column(image, part / 100 + 0.002, _middle(bar)).blue()
        > _column(image, part / 100 + 0.002, _middle(bar)).red() + 30
    ]
    assert min(blueish) == pytest.approx(0.66, abs=0.011)
    assert max(blueish) == pytest.approx(0.87, abs=0.011)


def test_its_tool_tip_is_the_full_sentence(bar: ProbabilityBar) -> None:
    bar.show_answer(an_answer())
    told = bar.toolTip().replace("\N{NARROW NO-BREAK SPACE}", " ")
    assert told.startswith("Probability of referable retinopathy 78 %, 90 % interval 66 to 87 %")
    assert bar.accessibleDescription() == bar.toolTip()


def test_a_stale_answer_is_drawn_fainter(bar: ProbabilityBar) -> None:
    bar.show_answer(an_answer(), stale=True)
    faint = bar.grab().toImage()
    assert _column(faint, 0.78, _middle(bar)) != QColor(bar._theme.tokens.model)
