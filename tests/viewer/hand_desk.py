"""A hand with a mouse, for the tests of views."""

from pathlib import Path

import numpy as np
from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QApplication, QWidget

LEFT, MIDDLE, RIGHT = (
    Qt.MouseButton.LeftButton,
    Qt.MouseButton.MiddleButton,
    Qt.MouseButton.RightButton,
)
NONE = Qt.MouseButton.NoButton
NO_KEY = Qt.KeyboardModifier.NoModifier
CONTROL, SHIFT, ALT = (
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.AltModifier,
)


def wheel(pane: QWidget, notches: int, keys=NO_KEY, at: tuple[int, int] = (200, 150)) -> bool:
    """Turn the wheel, up is positive; whether it was taken."""
    place = QPointF(*at)
    turn = QPoint(0, 120 * notches)
    event = QWheelEvent(
        place,
        pane.mapToGlobal(place),
        QPoint(),
        turn,
        Qt.MouseButton.NoButton,
        keys,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(pane, event)
    return event.isAccepted()


def mouse(
    pane: QWidget, kind: QEvent.Type, at: tuple[float, float], button=NONE, held=NONE, keys=NO_KEY
) -> None:
    """One event of the mouse, made by hand: QTest remembers buttons that other tests held."""
    place = QPointF(*at)
    event = QMouseEvent(kind, place, pane.mapToGlobal(place), button, held, keys)
    QApplication.sendEvent(pane, event)


def press(pane: QWidget, at: tuple[float, float], button=LEFT, keys=NO_KEY, held=None) -> None:
    """Press a button, others maybe ``held``."""
    mouse(pane, QEvent.Type.MouseButtonPress, at, button, held or button, keys)


def release(pane: QWidget, at: tuple[float, float], button=LEFT, keys=NO_KEY) -> None:
    """Let a button go."""
    mouse(pane, QEvent.Type.MouseButtonRelease, at, button, NONE, keys)


def drag(
    pane: QWidget,
    start: tuple[float, float],
    end: tuple[float, float],
    button=LEFT,
    keys=NO_KEY,
    *,
    let_go: bool = True,
) -> None:
    """Press, move in two steps, and let go."""
    press(pane, start, button, keys)
    for part in (0.5, 1.0):
        at = tuple(one + part * (other - one) for one, other in zip(start, end, strict=True))
        mouse(pane, QEvent.Type.MouseMove, at, NONE, button, keys)
    if let_go:
        release(pane, end, button, keys)


def hover(pane: QWidget, at: tuple[float, float]) -> None:
    """Move the pointer without a button."""
    mouse(pane, QEvent.Type.MouseMove, at)


def click(pane: QWidget, at: tuple[float, float], button=LEFT) -> None:
    """Press and let go."""
    press(pane, at, button)
    release(pane, at, button)


def double_click(pane: QWidget, at: tuple[float, float]) -> None:
    """As Qt tells it: the second press comes as a double click."""
    click(pane, at)
    mouse(pane, QEvent.Type.MouseButtonDblClick, at, LEFT, LEFT)
    release(pane, at)


def drop(widget: QWidget, *paths: Path, at: tuple[int, int] = (9, 9)) -> bool:
    """Drag files over a widget and let them go there; whether it takes them."""
    data, place = QMimeData(), QPoint(*at)
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    enter = QDragEnterEvent(place, Qt.DropAction.CopyAction, data, LEFT, NO_KEY)
    enter.setAccepted(False)
    QApplication.sendEvent(widget, enter)
    if enter.isAccepted():
        copy = Qt.DropAction.CopyAction
        QApplication.sendEvent(widget, QDropEvent(QPointF(place), copy, data, LEFT, NO_KEY))
    return enter.isAccepted()


def shot(widget: QWidget) -> np.ndarray:
    """What is painted, uint8 (y, x, 3): red, green, blue at device pixels."""
    image = widget.grab().toImage()
    flat = np.frombuffer(image.constBits(), np.uint8)
    rows = flat.reshape(image.height(), image.bytesPerLine() // 4, 4)
    return rows[:, : image.width(), 2::-1].copy()
