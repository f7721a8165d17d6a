"""The mouse, the wheel and digits on the panel."""

import pytest
from on_screen import tool_of
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QToolButton, QWidget
from window_desk import Desk, a_region

from engine import settings as kept
from viewer.panels.slider import ValueSlider
from viewer.theme.tokens import ThemeName


def test_a_drag_on_opacity_acts_while_it_moves(desk: Desk) -> None:
    desk.open_and_answer()
    slider = desk.window.photographs.heatmap_block.opacity
    middle = slider.height() // 2
    left = Qt.MouseButton.LeftButton
    desk.qtbot.mousePress(slider, left, pos=QPoint(slider.width() // 2, middle))
    assert desk.window.photographs.pane.state.look.opacity == pytest.approx(0.5, abs=0.02)
    desk.qtbot.mouseMove(slider, QPoint(slider.width() - 1, middle))
    assert desk.window.photographs.pane.state.look.opacity == 1.0
    desk.qtbot.mouseRelease(slider, left)
    desk.qtbot.mouseDClick(slider, left)
    assert desk.window.photographs.pane.state.look.opacity == pytest.approx(0.72)


def test_digits_type_a_value_into_a_slider(desk: Desk) -> None:
    desk.open_and_answer()
    slider = desk.window.photographs.heatmap_block.threshold
    slider.setFocus()
    for key in (Qt.Key.Key_3, Qt.Key.Key_5):
        desk.press(key)
    assert desk.window.photographs.pane.state.look.threshold == pytest.approx(0.35)


def test_shift_makes_a_slider_s_arrow_ten_times_as_long(desk: Desk) -> None:
    desk.open_and_answer()
    slider = desk.window.photographs.heatmap_block.opacity
    slider.setFocus()
    desk.press(Qt.Key.Key_Right)
    assert slider.value() == 73
    desk.press(Qt.Key.Key_Left, Qt.KeyboardModifier.ShiftModifier)
    assert slider.value() == 63


def _wheel_up(desk: Desk, over: QWidget) -> None:
    at = QPointF(over.mapTo(desk.window, over.rect().center()))
    QTest.wheelEvent(desk.window.windowHandle(), at, QPoint(0, 120))


def test_the_wheel_over_a_slider_with_the_focus_steps_by_one(desk: Desk) -> None:
    desk.open_and_answer()
    slider = desk.window.photographs.heatmap_block.opacity
    slider.setFocus()
    _wheel_up(desk, slider)
    assert slider.value() == 73


@pytest.mark.parametrize("name", ["Opacity", "Hide below", "Regions begin at"])
def test_the_wheel_over_a_slider_without_the_focus_scrolls_the_panel(desk: Desk, name: str) -> None:
    desk.window.resize(1280, 620)
    desk.open_and_answer()
    desk.engine.give_regions(*(a_region(100 + 40 * at, 200) for at in range(9)))
    panel = desk.window.read_page.side
    scrolled = panel.verticalScrollBar()
    desk.qtbot.waitUntil(lambda: scrolled.maximum() > 0)
    QApplication.processEvents()  # all is in its place
    sliders = panel.findChildren(ValueSlider)
    slider = next(each for each in sliders if each.accessibleName() == name)
    scrolled.setValue(scrolled.maximum())
    panel.ensureWidgetVisible(slider)
    value, place = slider.value(), scrolled.value()
    _wheel_up(desk, slider)
    assert slider.value() == value
    assert scrolled.value() < place


def test_a_raised_two_is_no_digit_of_a_slider(desk: Desk) -> None:
    slider = ValueSlider(desk.window.theme, "Opacity", 100, 70, str)
    desk.qtbot.addWidget(slider)
    desk.qtbot.keyClick(slider, Qt.Key.Key_4)
    raised = QKeyEvent(
        QEvent.Type.KeyPress, Qt.Key.Key_twosuperior, Qt.KeyboardModifier.NoModifier, "²"
    )
    slider.keyPressEvent(raised)
    desk.qtbot.keyClick(slider, Qt.Key.Key_Return)
    assert slider.value() == 4


def test_the_switch_hides_the_heatmap(desk: Desk) -> None:
    desk.open_and_answer()
    desk.click(desk.window.photographs.heatmap_block.switch)
    assert not desk.window.photographs.pane.state.look.visible


def test_the_theme_turns_and_is_kept(desk: Desk) -> None:
    desk.click(tool_of(desk, "Light or dark"))
    assert desk.window.theme.tokens.name is ThemeName.LIGHT
    desk.window.close()
    assert kept.load().settings.theme == "light"
    desk.click(_tool_of_closed(desk))


def _tool_of_closed(desk: Desk) -> QToolButton:
    """The theme button once more, so that the next test begins in the dark."""
    desk.window.show()
    return tool_of(desk, "Light or dark")
