"""The view of a volume leaves the window: as it is seen, with the strip, without the name."""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QRect, Qt, Signal
from PySide6.QtGui import QColor, QGuiApplication, QImage, QPainter

from engine import own_mark
from engine.listing import nameless
from engine.telling.words import STRIP, origin_words
from viewer.files import png
from viewer.notices import Notice, saved
from viewer.theme import tokens
from viewer.theme import type as lettering
from viewer.theme.theme import Theme
from viewer.worker import Worker

if TYPE_CHECKING:
    from viewer.read.doors import Doors
    from viewer.read.volumes import VolumeDesk


class VolumeExports(QObject):
    """Draws what the views show; files are written beside the window's thread."""

    copied = Signal(bool)
    noticed = Signal(object)
    _written = Signal(object, bool)

    def __init__(self, theme: Theme, desk: "VolumeDesk", parent: QObject) -> None:
        super().__init__(parent)
        self._theme = theme
        self._desk = desk
        self._worker = Worker("export")
        self._written.connect(self._say)

    def copy(self) -> None:
        """To the clipboard."""
        image = self.draw()
        QGuiApplication.clipboard().setImage(image)
        self.copied.emit(not image.isNull())

    def save(self, doors: "Doors") -> None:
        """To a file that the person chooses; what is seen now is what is written."""
        image = self.draw()
        shown = self._desk.shown
        title = nameless(shown.entry).title if shown else "view"
        to = doors.choose_file_for(f"{title} annotated.png")
        if to is not None:
            self._worker.start(lambda: self._write(image, to))

    def draw(self) -> QImage:
        """The views as they are seen, the strip beneath: at the screen's own pixels."""
        view = self._desk.view
        names = view.arrangement.names
        # An export carries no name: who needs one writes it on.
        view.show_names(False)
        view.hold_printed(True)
        try:
            seen = view.grab().toImage()
        finally:
            view.hold_printed(False)
            view.show_names(names)
        ratio = seen.devicePixelRatio()
        strip = round(tokens.STRIP * ratio)
        image = QImage(seen.width(), seen.height() + strip, QImage.Format.Format_RGB32)
        image.fill(QColor(self._theme.tokens.text1))
        painter = QPainter(image)
        seen.setDevicePixelRatio(1)
        painter.drawImage(0, 0, seen)
        painter.setPen(QColor(self._theme.tokens.window))
        font = lettering.font(tokens.BODY_STRONG)
        font.setPixelSize(round(tokens.BODY_STRONG.pixels * ratio))
        painter.setFont(font)
        box = QRect(round(12 * ratio), seen.height(), image.width() - round(24 * ratio), strip)
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.drawText(box, middle, "   ·   ".join((STRIP, *self._notes())))
        painter.end()
        image.setText(own_mark.KEY, own_mark.TEXT)
        return image

    def _notes(self) -> list[str]:
        facts = [shown.facts for shown in self._desk.studies.shown.values()]
        total = sum(len(each.repairs) for each in facts)
        repaired = "Read with 1 repair" if total == 1 else f"Read with {total} repairs"
        origins = dict.fromkeys(origin_words("Volume", each.content_hash) for each in facts)
        return [words for words in (repaired if total else "", *origins) if words]

    def _write(self, image: QImage, to: Path) -> None:
        self._written.emit(to, png.written(image, to))

    def _say(self, to: Path, done: bool) -> None:
        if done:
            self.noticed.emit(saved(to))
        else:
            why = "The folder could not be written. Choose another one."
            title = f"{to.name} was not written."
            self.noticed.emit(Notice("export", title, why, "alert-circle"))
