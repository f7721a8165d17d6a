"""Icons: Tabler's outlines from the resources, drawn by QtSvg in a token's colour."""

from functools import cache
from importlib.resources import files

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QGuiApplication, QIcon, QPainter, QPixmap
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
