"""The window whole: access, room, and its end."""

from pathlib import Path

from on_screen import button_of, tool_of, words_of
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QToolButton, QWidget
from window_desk import Asked, Desk, an_answer

from engine import settings as kept
from viewer.panels.rows import NoticeRow


def test_every_control_has_an_accessible_name(desk: Desk) -> None:
    desk.open_and_answer()
    nameless = [
        widget
        for widget in desk.window.findChildren(QWidget)
        if widget.focusPolicy() != Qt.FocusPolicy.NoFocus
        and widget.isVisible()
        and not widget.accessibleName()
        and not widget.objectName().startswith("qt_")
    ]
    assert nameless == []


def test_tab_goes_through_the_panel_and_shows_where_it_is(desk: Desk) -> None:
    desk.open_and_answer()
    desk.window.photographs.heatmap_block.opacity.setFocus()
    desk.press(Qt.Key.Key_Tab)
    assert QApplication.focusWidget() is desk.window.photographs.heatmap_block.threshold
    assert desk.window.ring.isVisible()
    desk.click(desk.window.photographs.heatmap_block.switch)
    assert not desk.window.ring.isVisible()


def test_closing_ends_the_engine_and_keeps_the_window_s_place(desk: Desk) -> None:
    desk.window.close()
    assert desk.engine.said.closed
    assert kept.load().settings.geometry


def _clipped(window: QWidget) -> list[str]:
    return [
        f"{widget.text()}: {widget.sizeHint().width()} in {widget.width()}"
        for kind in (QLabel, QPushButton, QToolButton)
        for widget in window.findChildren(kind)
        if widget.isVisible() and _least_width(widget) > widget.width() + 1
    ]


def _least_width(widget: QWidget) -> int:
    """Without which something is cut off: a label that is broken over lines needs its words."""
    if isinstance(widget, QLabel) and widget.wordWrap():
        metrics = widget.fontMetrics()
        return max(map(metrics.horizontalAdvance, widget.text().split(" ")), default=0)
    return widget.sizeHint().width()


def test_nothing_is_clipped_on_a_screen_of_1280_by_720(desk: Desk) -> None:
    desk.window.resize(1280, 720)
    desk.qtbot.waitUntil(lambda: _clipped(desk.window) == [])
    desk.open_and_answer("a photograph with quite a long name, right eye, second visit.png")
    desk.qtbot.waitUntil(lambda: _clipped(desk.window) == [])
    assert desk.window.width() == 1280
    assert not desk.window.read_page.side.verticalScrollBar().isVisible()


def test_nothing_is_cut_off_in_half_of_a_screen_or_on_one_of_1600_at_150_per_cent(
    desk: Desk,
) -> None:
    window = desk.window

    def fits() -> bool:
        side = window.read_page.side
        inside = side.widget().minimumSizeHint().width() <= side.viewport().width()
        return window.width() == 960 and _clipped(window) == [] and inside

    for name in ("7_left.png", "7_right.png"):
        desk.picture(name)
    desk.open_and_answer("7_right.png")
    hands = [window.actions_.by_name[f"tool-{name}"] for name in ("pan", "arrow")]
    shown = [button for button in window.read_page.tools._hands if button.defaultAction() in hands]
    desk.qtbot.waitUntil(lambda: all(button.isVisible() for button in shown))
    window.resize(960, 600)
    desk.qtbot.waitUntil(fits)
    assert window.height() == 600
    assert [button.isVisible() for button in shown] == [True, False]
    more = tool_of(desk, "More tools")
    assert hands[1] in more.menu().actions()
    desk.press(Qt.Key.Key_F6)  # the form is unfolded
    desk.qtbot.waitUntil(fits)
    desk.press(Qt.Key.Key_1)
    desk.qtbot.waitUntil(lambda: "draft saved" in words_of(window.photographs.reading.block))
    desk.qtbot.waitUntil(fits)
    desk.press(Qt.Key.Key_Escape)
    desk.press(Qt.Key.Key_E)
    desk.engine.give_picture(content="b")
    desk.engine.give_pair(
        an_answer(probability=0.996, low=0.991, high=0.999),
        an_answer(probability=0.4, low=0.31, high=0.52),
    )
    desk.qtbot.waitUntil(fits)
    for tab in ("compare", "train"):
        window.tabs.show_tab(tab)
        desk.qtbot.waitUntil(fits)
    window.tabs.show_tab("read")
    window.resize(1280, 800)
    desk.qtbot.waitUntil(lambda: all(button.isVisible() for button in shown))
    assert not more.isVisible()


def test_what_the_foot_tells_is_cut_and_never_makes_the_window_wider(desk: Desk) -> None:
    desk.open_and_answer()
    desk.window.resize(960, 600)
    desk.qtbot.waitUntil(lambda: desk.window.width() == 960)
    strip, words = desk.window.strip, "Looking for the next photograph without your signature. " * 3
    strip.said.show_words(words)
    strip.show_pointer("x 1882  y 1221   R 187  G 87  B 27   2 % sure of a lesion")
    desk.qtbot.waitUntil(lambda: strip.said.text().endswith("…"))
    assert strip.said.toolTip() == words
    assert desk.window.width() == 960
    assert strip.pointer.geometry().right() <= strip.width()


def test_a_tool_that_is_folded_away_is_seen_in_hand_on_more_tools(desk: Desk) -> None:
    desk.open_and_answer()
    desk.window.resize(960, 600)
    arrow = desk.window.actions_.by_name["tool-arrow"]
    more = desk.window.read_page.tools._more
    desk.qtbot.waitUntil(lambda: arrow in more.menu().actions())
    assert not more.isChecked() and "Arrow" not in more.toolTip()
    plain = more.icon().cacheKey()
    arrow.trigger()
    assert more.isChecked() and more.toolTip().startswith("Arrow.")
    assert more.accessibleDescription() == "Arrow is in hand"
    assert more.icon().cacheKey() == arrow.icon().cacheKey()
    QTimer.singleShot(0, more.menu().close)
    desk.click(more)
    assert more.isChecked()
    desk.window.actions_.by_name["tool-pan"].trigger()
    assert not more.isChecked() and "Arrow" not in more.toolTip()
    assert more.icon().cacheKey() == plain


def test_a_new_engine_that_cannot_make_itself_ready_is_said(early_desk: Desk) -> None:
    desk = early_desk
    desk.window.open(desk.picture())
    desk.engine.give_picture()
    desk.engine.fail(Asked(0, "", {}), "ImportError at abilities.py:3")
    assert "cannot make itself ready" in desk.words()
    assert "has not answered" in words_of(desk.window.photographs.model_block)


def test_the_ring_survives_the_end_of_what_it_was_on(desk: Desk) -> None:
    desk.open_and_answer()
    desk.engine.restarted.emit("The engine was started again.")
    close = button_of(desk.window.rows, "Close this row")
    close.setFocus(Qt.FocusReason.TabFocusReason)
    assert desk.window.ring.isVisible()
    desk.press(Qt.Key.Key_Space)
    desk.qtbot.waitUntil(lambda: desk.window.findChild(NoticeRow) is None)
    desk.window.resize(1300, 810)
    assert desk.words() == ""


def test_a_phantom_eye_is_drawn_and_opened(desk: Desk) -> None:
    desk.click(button_of(desk.window, "Try the phantom eye"))
    desk.qtbot.waitUntil(lambda: desk.engine.count("open") == 1, timeout=60_000)
    assert desk.engine.last("open").what["path"].is_file()


def test_a_phantom_that_comes_late_does_not_take_the_place_of_a_photograph(desk: Desk) -> None:
    desk.click(button_of(desk.window, "Try the phantom eye"))
    desk.window.open(desk.picture("chosen.png"))
    phantom = desk.window._phantom
    with desk.qtbot.waitSignal(phantom.made, timeout=60_000) as made:
        pass
    assert Path(made.args[0]).is_file()
    assert desk.engine.count("open") == 1
    desk.engine.give_picture()
    assert "chosen.png" in desk.window.windowTitle()


def test_a_click_on_a_control_leaves_the_keys_to_the_picture(desk: Desk) -> None:
    desk.open_and_answer()
    desk.click(desk.window.photographs.heatmap_block.opacity)
    assert QApplication.focusWidget() is desk.window.photographs.pane


def test_what_was_hidden_on_one_eye_is_not_hidden_on_the_next(desk: Desk) -> None:
    desk.open_and_answer("one.png")
    desk.press(Qt.Key.Key_Period)
    raised = desk.window.preferences.settings.threshold
    desk.open_and_answer("two.png")
    assert desk.window.preferences.settings.threshold < raised


def test_a_refusal_leaves_with_the_next_picture(desk: Desk) -> None:
    desk.open_and_answer("one.png")
    desk.window.open(desk.folder / "broken.jpg")
    desk.engine.refuse(desk.engine.last("open"), "It is damaged.", "It ends early.", "Copy it.")
    bare = desk.window.read_page.bare
    assert bare.isVisible() and "It is damaged." in bare.accessibleDescription()
    desk.open_and_answer("two.png")
    assert not bare.isVisible() and desk.words() == ""
