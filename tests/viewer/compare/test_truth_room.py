"""A truth check in windows of any size: all that it says is seen, or scrolled to."""

from functools import partial

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QScrollArea, QWidget
from truth_desk import panel
from window_desk import Desk


def test_the_panel_is_as_wide_as_the_window_lets_it(checked: Desk) -> None:
    checked.window.resize(1900, 1000)
    checked.qtbot.waitUntil(lambda: panel(checked).width() > 1800)
    checked.window.resize(1280, 800)
    checked.qtbot.waitUntil(lambda: panel(checked).width() <= 1280)


@pytest.mark.parametrize("size", [(1920, 800), (1600, 1000), (1280, 800), (960, 600)])
def test_all_that_a_check_says_is_reached_in_its_own_column(
    checked: Desk, size: tuple[int, int]
) -> None:
    checked.window.resize(*size)
    told, wide = panel(checked), size[0] >= 1600
    checked.qtbot.waitUntil(lambda: checked.window.width() == size[0])
    columns = [each for each in told.halves.columns if each.isVisible()]
    assert len(columns) == 1 + wide
    heard = [each.accessibleName() for each in columns]
    assert heard == (["Areas", "Measures"] if wide else ["Areas, Measures"])
    lasts = (told._yardstick, told.measures) if wide else (told.measures,)
    for column, last in zip(columns, lasts, strict=True):
        checked.qtbot.waitUntil(partial(_is_reached, column, last))
    right = told.halves.mapTo(checked.window, QPoint(told.halves.width(), 0)).x()
    assert right <= checked.window.width()
    for plot in (told.deletion, told.insertion):
        under = plot._under
        assert under.heightForWidth(under.width()) <= under.height()


def _is_reached(column: QScrollArea, last: QWidget) -> bool:
    """Whether its foot is seen once its own bar, which is there if need be, is at its end."""
    bar = column.verticalScrollBar()
    bar.setValue(bar.maximum())
    seen = last.visibleRegion().boundingRect()
    whole = column.widget().width() == column.viewport().width()
    return (
        whole and bar.isVisible() == (bar.maximum() > 0) and seen.bottom() == last.rect().bottom()
    )


def test_a_curve_s_name_ends_within_a_narrow_plot(checked: Desk) -> None:
    told = panel(checked)

    def within() -> bool:
        for plot in (told.deletion, told.insertion):
            names = [each for each in plot._plot.items() if type(each).__name__ == "TextItem"]
            assert len(names) == len(plot._drawn) + 1
            shown = plot._plot.viewport().rect().right()
            ends = (each.mapRectToScene(each.boundingRect()).right() for each in names)
            if max(ends) > shown:
                return False
        return True

    for width in (1900, 960):
        checked.window.resize(width, 800)
        checked.qtbot.waitUntil(lambda width=width: told.width() == width and within())
