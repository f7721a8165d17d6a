"""Icons: Tabler's outlines from the resources, drawn by QtSvg in a token's colour."""

from functools import cache
from importlib.resources import files

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QColor, QGuiApplication, QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from viewer.theme import tokens

_STROKE = 'stroke-width="1.75"'


@cache
def _source(name: str) -> str:
    text = (files("resources") / "icons" / f"{name}.svg").read_text(encoding="utf-8")
    return text.replace('stroke-width="2"', _STROKE)


@cache
def pixmap(name: str, colour: str, size: int = tokens.ICON, ratio: float = 1.0) -> QPixmap:
    """The icon ``name`` in ``colour``, ``size`` logical pixels square, for a device ratio."""
    drawing = QSvgRenderer(QByteArray(_source(name).replace("currentColor", colour).encode()))
    device = round(size * ratio)
    picture = QPixmap(device, device)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    drawing.render(painter, QRectF(0, 0, device, device))
    painter.end()
    picture.setDevicePixelRatio(ratio)
    return picture


@cache
def icon(name: str, colour: str, disabled: str, size: int = tokens.ICON) -> QIcon:
    """The icon for a button or a menu, for the sharpest screen of this computer."""
    ratio = max((screen.devicePixelRatio() for screen in QGuiApplication.screens()), default=1.0)
    drawn = QIcon()
    drawn.addPixmap(pixmap(name, colour, size, ratio), QIcon.Mode.Normal)
    drawn.addPixmap(pixmap(name, disabled, size, ratio), QIcon.Mode.Disabled)
    return drawn


def of_program() -> QIcon:
    """The mark on a dark ground of its own, so that it is seen on any title bar."""
    drawn = QIcon()
    for size in (32, 128):
        picture = QPixmap(size, size)
        picture.fill(Qt.GlobalColor.transparent)
        painter = QPainter(picture)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(tokens.DARK.window))
        painter.drawRoundedRect(picture.rect(), size / 6, size / 6)
        inside = size * 3 // 4
        mark = pixmap("mark", tokens.DARK.text1, inside)
        painter.drawPixmap((size - inside) // 2, (size - inside) // 2, mark)
        painter.end()
        drawn.addPixmap(picture)
    return drawn
