"""What of a volume leaves the window, and names that are kept off it."""

from pathlib import Path

import pytest
from hand_desk import hover
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QFileDialog
from series_desk import ONE, open_series, pane_of
from window_desk import Desk, a_series

from engine import own_mark
from engine.drawings import Ellipse
from viewer.layers.slice_words import series_line
from viewer.panels.rows import NoticeRow


def test_a_copy_carries_the_strip_and_no_name(desk: Desk) -> None:
    open_series(desk, ONE)
    desk.press(Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    image = QGuiApplication.clipboard().image()
    view = desk.window.volumes.view
    assert image.width() == view.grab().width()
    assert image.height() > view.grab().height()
    assert view.arrangement.names


def test_a_saved_picture_is_what_is_seen_with_the_strip(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_series(desk, ONE)
    to = tmp_path / "seen.png"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(to), ""))
    desk.press(Qt.Key.Key_E, Qt.KeyboardModifier.ControlModifier)
    desk.qtbot.waitUntil(to.exists)
    view = desk.window.volumes.view
    assert own_mark.is_on(to)
    image = QImage(str(to))
    assert image.width() == view.grab().width()
    assert image.height() > view.grab().height()
    rows = desk.window.rows
    desk.qtbot.waitUntil(
        lambda: [row.title.text() for row in rows.findChildren(NoticeRow)] == ["Saved as seen.png."]
    )


def test_a_picture_that_leaves_shows_nothing_of_the_hand(desk: Desk) -> None:
    open_series(desk, ONE)
    pane, exports = pane_of(desk), desk.window.read_page.exports
    marking, volume = desk.window.volumes.drawings.marking, pane.state.volume
    z = float(pane.state.plane.index)
    marking.add(volume, Ellipse(id="a", points=((1.0, 1.0, z), (4.0, 4.0, z))))
    marking.choose(volume, None)
    bare, plain = exports.draw(), pane.grab().toImage()
    marking.choose(volume, marking.all_of(volume)[0])
    hover(pane, (pane.width() // 2, pane.height() // 2))
    assert pane.grab().toImage() != plain
    assert exports.draw() == bare
    assert not pane.state.printed


def test_names_can_be_kept_off_the_screen(desk: Desk) -> None:
    open_series(desk, ONE)
    assert pane_of(desk).state.names
    desk.window.preferences.change(hide_names=True)
    assert not pane_of(desk).state.names


def test_where_names_are_hidden_no_free_text_tells_one(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    series = a_series("erna", "2 Testfrau thorax 1mm", patient="Testfrau^Erna")
    open_series(desk, series)
    volumes, window = desk.window.volumes, desk.window
    usual: list[str] = []
    monkeypatch.setattr(
        QFileDialog, "getSaveFileName", lambda *told: (usual.append(str(told[2])), ("", ""))[1]
    )
    assert "Testfrau" in window.windowTitle()
    desk.window.preferences.change(hide_names=True)
    assert window.windowTitle() == "2 thorax 1mm – LesionLens"
    assert series_line(pane_of(desk).state) == "CT  2 thorax 1mm"
    assert volumes.series_block._title.text() == "2 thorax 1mm"
    told = volumes.model.item(0)
    assert "Testfrau" not in f"{told.text()} {told.toolTip()} {told.accessibleText()}"
    desk.window.preferences.change(hide_names=False)
    assert "Testfrau" in f"{window.windowTitle()} {volumes.series_block._title.text()}"
    desk.press(Qt.Key.Key_E, Qt.KeyboardModifier.ControlModifier)
    assert [Path(each).name for each in usual] == ["2 thorax 1mm annotated.png"]
