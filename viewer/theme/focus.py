"""The focus ring: round the control that the keyboard is on, and only while the keyboard leads."""

from PySide6.QtCore import QEvent, QObject, QRectF, Qt
from PySide6.QtGui import QColor, QFocusEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QApplication, QWidget
from shiboken6 import isValid

from viewer.theme import tokens
from viewer.theme.theme import Theme

_GAP, _LINE = 1, 2
_OUT = _GAP + _LINE
_KEYBOARD = (
    Qt.FocusReason.TabFocusReason,
    Qt.FocusReason.BacktabFocusReason,
    Qt.FocusReason.ShortcutFocusReason,
)


class FocusRing(QWidget):
    """2 px of text colour outside a gap of 1 px; inside the edge for views (LOOK 11)."""

    def __init__(self, theme: Theme, window: QWidget) -> None:
        super().__init__(window)
        self._theme = theme
        self._views: tuple[QWidget, ...] = ()
        self._on: QWidget | None = None
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.hide()
        application = QApplication.instance()
        if application is not None:
            application.installEventFilter(self)

    def lie_inside(self, *views: QWidget) -> None:
        """From now on lie inside the edges of these views."""
        self._views = (*self._views, *views)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Go to what the keyboard reached; leave with the mouse; follow what moves."""
        kind = event.type()
        if kind is QEvent.Type.FocusIn and isinstance(watched, QWidget):
            if isinstance(event, QFocusEvent) and watched.window() is self.parentWidget():
                self._go(watched if event.reason() in _KEYBOARD else None)
        elif kind is QEvent.Type.MouseButtonPress and self._on is not None:
            self._go(None)
        elif self._on is not None and kind in (
            QEvent.Type.Resize,
            QEvent.Type.Move,
            QEvent.Type.Hide,
        ):
            self._place()
        return False

    def _go(self, widget: QWidget | None) -> None:
        self._on = widget
        self._place()

    def _place(self) -> None:
        on = self._on
        window = self.parentWidget()
        # What had the keys may have been deleted since, and the last to go is the window's own.
        if on is None or not isValid(on) or not on.isVisible() or on.window() is not window:
            # What is hidden may be deleted next: keep no hold of it.
            self._on = None
            self.hide()
            return
        out = 0 if on in self._views else _OUT
        box = on.rect().translated(on.mapTo(window, on.rect().topLeft()) - on.rect().topLeft())
        self.setGeometry(box.adjusted(-out, -out, out, out))
        self.raise_()
        self.show()
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        """The ring."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        inside = self._on in self._views
        line = 1.5 if inside else _LINE
        painter.setPen(QPen(QColor(self._theme.tokens.text1), line))
        half = line / 2
        radius = 0 if inside else tokens.RADIUS_CONTROL + 2
        painter.drawRoundedRect(
            QRectF(self.rect()).adjusted(half, half, -half, -half), radius, radius
        )
