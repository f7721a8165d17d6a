"""The view driven by mouse and wheel."""

import os
import subprocess
import sys

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QApplication
from scaled import printed_at

from engine.answers import Heatmap, Look
from engine.geometry import Circle, scaling
from engine.pictures import Laterality
from viewer.panes.photograph import PhotographPane
from viewer.panes.state import PaneState
from viewer.seen.preparation import Prepared
from viewer.seen.pyramid import build

HEIGHT, WIDTH = 900, 1400


@pytest.fixture
def pane(qtbot) -> PhotographPane:
    pane = PhotographPane()
    qtbot.addWidget(pane)
    pane.resize(700, 500)
    pixels = np.zeros((HEIGHT, WIDTH, 3), np.uint8)
    pixels[...] = (150, 80, 30)
    pixels[300:311, 500:511] = (10, 20, 30)
    pane.show_photograph(pixels, "drawn.png", Laterality.RIGHT)
    with qtbot.waitExposed(pane):
        pane.show()
    qtbot.waitUntil(lambda: pane.state.detailed)
    return pane


def _with_map(pane: PhotographPane) -> None:
    values = np.zeros((100, 100), np.float32)
    values[50, 50] = 0.004
    pane.show_heatmap(Heatmap(values, scaling(9.0, 200, 0), (HEIGHT, WIDTH)))
    pane.set_look(Look(1.0, 0.0, "azure"))


def _shot(pane: PhotographPane) -> np.ndarray:
    image = pane.grab().toImage()
    flat = np.frombuffer(image.constBits(), np.uint8)
    rows = flat.reshape(image.height(), image.bytesPerLine() // 4, 4)
    return rows[:, : image.width(), 2::-1].copy()


def _wheel(pane: PhotographPane, at: QPointF, turn: int, keys=Qt.KeyboardModifier.NoModifier):
    event = QWheelEvent(
        at,
        pane.mapToGlobal(at),
        QPoint(),
        QPoint(0, turn),
        Qt.MouseButton.NoButton,
        keys,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(pane, event)


def _drag(qtbot, pane: PhotographPane, button, start: QPoint, by: QPoint) -> None:
    keys = Qt.KeyboardModifier.NoModifier
    qtbot.mousePress(pane, button, keys, start)
    for part in (0.3, 1.0):
        to = QPointF(start) + QPointF(by) * part
        # QTest moves the pointer without a button, so the event is made by hand.
        kind, at = QEvent.Type.MouseMove, pane.mapToGlobal(to)
        event = QMouseEvent(kind, to, at, Qt.MouseButton.NoButton, button, keys)
        QApplication.sendEvent(pane, event)
    qtbot.mouseRelease(pane, button, keys, start + by)


def test_the_photograph_is_painted_whole_with_the_files_own_colours(pane) -> None:
    shot = _shot(pane)
    assert tuple(shot[250, 350]) == (150, 80, 30)
    assert tuple(shot[20, 350]) == (0, 0, 0)


def test_the_wheel_zooms_and_what_is_under_the_pointer_stays(pane) -> None:
    at = QPointF(400.5, 200.5)
    before = pane.state.view.picture_at((400, 200))
    _wheel(pane, at, 240)
    assert pane.zoom == pytest.approx(0.5 * 1.25**2)
    assert pane.state.view.picture_at((400, 200)) == pytest.approx(before)


def test_alt_wheel_asks_for_another_opacity_and_does_not_zoom(pane, qtbot) -> None:
    with qtbot.waitSignal(pane.opacity_stepped) as stepped:
        _wheel(pane, QPointF(300, 200), -120, Qt.KeyboardModifier.AltModifier)
    assert stepped.args == [-1]
    assert pane.zoom == 0.5


def test_a_trackpad_goes_to_the_next_picture_once_a_notch_and_not_when_let_go(pane, qtbot) -> None:
    steps: list[int] = []
    pane.picture_stepped.connect(steps.append)
    for turn in (-40, -40, 0, -40, 0):
        _wheel(pane, QPointF(300, 200), turn, Qt.KeyboardModifier.ShiftModifier)
    assert steps == [1]


def test_a_drag_ends_when_another_photograph_comes(pane, qtbot) -> None:
    qtbot.mousePress(pane, Qt.MouseButton.LeftButton, pos=QPoint(300, 250))
    pane.show_photograph(np.full((90, 140, 3), 77, np.uint8), "next.png")
    to = QPointF(500, 300)
    kind, left = QEvent.Type.MouseMove, Qt.MouseButton.LeftButton
    nothing = Qt.KeyboardModifier.NoModifier
    held = QMouseEvent(kind, to, pane.mapToGlobal(to), Qt.MouseButton.NoButton, left, nothing)
    QApplication.sendEvent(pane, held)
    assert pane.state.view.picture == (140, 90)
    assert pane.state.view.is_fitted


def test_the_value_of_the_photograph_before_is_not_told_of_the_next(pane, qtbot) -> None:
    told: list[object] = []
    pane.probed.connect(told.append)
    qtbot.mouseMove(pane, QPoint(350, 250))
    pane.show_photograph(np.full((90, 140, 3), 77, np.uint8), "next.png")
    assert told[0] is not None
    assert told[-1] is None


@pytest.mark.parametrize("button", [Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton])
def test_a_drag_moves_the_photograph_with_the_pointer(pane, qtbot, button) -> None:
    pane.actual_size()
    before = _shot(pane)[120:300, 120:300]
    _drag(qtbot, pane, button, QPoint(300, 250), QPoint(60, -35))
    assert (_shot(pane)[85:265, 180:360] == before).all()


def test_a_right_drag_changes_contrast_and_brightness_of_the_view_alone(pane, qtbot) -> None:
    _drag(qtbot, pane, Qt.MouseButton.RightButton, QPoint(300, 250), QPoint(0, -80))
    assert (_shot(pane)[250, 350] > (150, 80, 30)).all()
    pane.reset()
    assert tuple(_shot(pane)[250, 350]) == (150, 80, 30)


def test_a_right_click_asks_for_the_menu(pane, qtbot) -> None:
    with qtbot.waitSignal(pane.menu_asked):
        qtbot.mouseClick(pane, Qt.MouseButton.RightButton, pos=QPoint(300, 250))


def test_a_double_click_shows_the_whole_picture_and_then_goes_back(pane, qtbot) -> None:
    pane.zoom_by(6)
    near = pane.state.view
    qtbot.mouseDClick(pane, Qt.MouseButton.LeftButton, pos=QPoint(300, 250))
    assert pane.zoom == 0.5
    qtbot.mouseDClick(pane, Qt.MouseButton.LeftButton, pos=QPoint(300, 250))
    assert pane.state.view == near


def test_the_pointer_tells_the_pixel_and_the_evidence_under_it(pane, qtbot) -> None:
    _with_map(pane)
    pane.actual_size()
    x, y = pane.state.view.to_screen[:2, 2] + (650, 450)
    with qtbot.waitSignal(pane.probed) as probed:
        qtbot.mouseMove(pane, QPoint(int(x), int(y)))
    found = probed.args[0]
    assert (found.x, found.y) == (650, 450)
    assert (found.r, found.g, found.b) == (150, 80, 30)
    assert found.value == pytest.approx(1.0)


def test_another_map_is_told_under_a_pointer_that_rests(pane, qtbot) -> None:
    _with_map(pane)
    qtbot.mouseMove(pane, QPoint(pane.width() // 2, pane.height() // 2))
    with qtbot.waitSignal(pane.probed) as probed:
        pane.show_heatmap(None)
    assert probed.args[0].value is None


def test_beside_the_picture_nothing_is_probed(pane, qtbot) -> None:
    with qtbot.waitSignal(pane.probed) as probed:
        qtbot.mouseMove(pane, QPoint(350, 3))
    assert probed.args == [None]


def test_hiding_shows_the_bare_photograph_and_letting_go_brings_the_heatmap_back(pane) -> None:
    bare = _shot(pane)
    _with_map(pane)
    laid = _shot(pane)
    assert (laid[250, 325] != bare[250, 325]).any()
    pane.hold_hidden(True)
    assert (_shot(pane)[100:400] == bare[100:400]).all()
    pane.hold_hidden(False)
    assert (_shot(pane) == laid).all()


def test_red_free_shows_grey_and_keeps_the_heatmap(pane) -> None:
    _with_map(pane)
    pane.hold_red_free(True)
    shot = _shot(pane)
    assert tuple(shot[300, 500]) == (80, 80, 80)
    red, _, blue = shot[250, 325].astype(int)
    assert blue > red + 50


def test_the_view_says_in_words_what_it_shows(pane) -> None:
    assert pane.accessibleDescription() == "Right eye, zoom 50 %"
    _with_map(pane)
    assert pane.accessibleDescription() == "Right eye, heatmap shown, zoom 50 %"
    assert pane.accessibleName() == "Photograph drawn.png"


def test_without_texts_only_the_eye_is_told(pane) -> None:
    with_texts = _shot(pane)
    pane.show_texts(False)
    without = _shot(pane)
    assert with_texts[478:497, 5:90].max() > 200
    assert without[478:497, 5:90].max() == 0
    assert without[5:25, 5:90].max() > 200


def test_the_assessed_area_is_outlined_where_it_is(pane) -> None:
    pane.set_assessed(Circle(699.5, 449.5, 400))
    shot = _shot(pane).astype(int)
    # At a zoom of a half the circle crosses the middle row at 350 - 200.
    ring = shot[200:300, 146:154]
    assert (ring[..., 2] > ring[..., 0] + 40).any()
    assert (shot[200:300, 162:180] == (150, 80, 30)).all()


def test_the_assessed_area_ends_where_the_photograph_is_cut(pane) -> None:
    pane.show_texts(False)
    bare = _shot(pane)
    # At a zoom of a half the photograph takes the rows 25 to 475, and the circle 0 to 500.
    pane.set_assessed(Circle(699.5, 449.5, 500))
    shot = _shot(pane)
    assert (shot[:25] == bare[:25]).all()
    assert (shot[475:] == bare[475:]).all()
    assert (shot[25:30] != bare[25:30]).any()
    assert (shot[470:475] != bare[470:475]).any()


def test_a_loading_photograph_is_grey_shapes_after_a_moment(qtbot) -> None:
    pane = PhotographPane()
    qtbot.addWidget(pane)
    pane.resize(400, 300)
    pane.set_busy(True)
    assert _shot(pane).max() == 0
    qtbot.waitUntil(lambda: _shot(pane).max() > 0)


def test_what_was_made_late_of_an_older_photograph_is_not_shown() -> None:
    first, second = (np.full((50, 60, 3), value, np.uint8) for value in (200, 60))
    state = PaneState().with_photograph(first, (300, 200)).with_photograph(second, (300, 200))
    state.set_prepared(Prepared(first, build(first), (200, 200, 200)))
    assert state.pyramid[0].pixels is second


_AT_ANOTHER_RATIO = """
import numpy as np
from PySide6.QtWidgets import QApplication
from engine.answers import Heatmap, Look
from engine.geometry import scaling
from viewer.panes.photograph import PhotographPane

application = QApplication([])
pane = PhotographPane()
pane.resize(401, 301)
pixels = np.zeros((900, 1400, 3), np.uint8)
pixels[440:461, 690:711, 0] = 255
values = np.zeros((100, 100), np.float32)
values[50, 50] = 1
pane.show_photograph(pixels, "drawn")
pane.show_texts(False)
pane.show_heatmap(Heatmap(values, scaling(9.0, 250.0, 0.0), (900, 1400)))
pane.set_look(Look(1.0, 0.0, "azure"))
for zoom in (1.0, 2.5):
    pane.zoom_by(zoom / pane.zoom)
    image = pane.grab().toImage()
    flat = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), -1, 4)
    shot = flat[60:, : image.width()].astype(float)
    rows, columns = np.indices(shot.shape[:2])
    for channel in (0, 2):
        weights = shot[..., channel] * (shot[..., channel] > 120)
        total = weights.sum()
        print((weights * columns).sum() / total, (weights * rows).sum() / total, image.width())
"""


@pytest.mark.parametrize("ratio", ["1", "1.5", "2"])
def test_lesion_and_peak_meet_at_every_device_pixel_ratio(ratio: str) -> None:
    environment = dict(os.environ, QT_SCALE_FACTOR=ratio, QT_QPA_PLATFORM="offscreen")
    told = subprocess.run(
        [sys.executable, "-c", _AT_ANOTHER_RATIO],
        env=environment, capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    rows = np.array([line.split() for line in told.splitlines()], float)
    assert rows.shape == (4, 3)
    assert np.abs(rows[:, 2] - 401 * float(ratio)).max() < 1
    for lesion, peak in (rows[:2, :2], rows[2:, :2]):
        # The map's blue peak lies at (700, 450), the middle of the red lesion.
        assert np.abs(lesion - peak).max() <= 0.5


_BEFORE_AND_AFTER = """
import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget
from scaled import printed_at
from slice_desk import state, volume
from viewer.panes.photograph import PhotographPane
from viewer.panes.slice_pane import SlicePane

application = QApplication([])
window = QWidget()
window.resize(700, 500)
pixels = np.zeros((90, 140, 3), np.uint8)
panes = []
for place in range(24):
    pane = (PhotographPane, SlicePane)[place % 2](window)
    across, down = place % 6, place // 6
    pane.setGeometry(111 * across + down, 121 * down + across, 90 + place % 5, 95 + place % 7)
    pane.hide()
    if place % 2:
        pane.show_state(state(volume(np.zeros((5, 6, 7), np.int16))))
    else:
        pane.show_photograph(pixels, "drawn")
    panes.append(pane)
before = QWidget(window)
before.setStyleSheet("background: #f0f")
before.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
before.resize(window.size())
window.show()
application.processEvents()
before.hide()
for pane in panes:
    pane.show()
application.processEvents()
image = window.screen().grabWindow(window.winId()).toImage()
flat = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), -1, 4)
shot = flat[:, : image.width(), :3]
print(window.devicePixelRatioF(), len(shot), (shot == (255, 0, 255)).all(axis=2).sum())
"""


@pytest.mark.parametrize("ratio", ["1.25", "1.5", "1.75"])
def test_nothing_of_the_tab_before_is_left_at_the_edges_of_a_view(ratio: str) -> None:
    told = printed_at(ratio, _BEFORE_AND_AFTER)
    shown, rows, left = map(float, told.split())
    assert rows > 0
    assert (shown, left) == (float(ratio), 0)
