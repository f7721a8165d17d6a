"""The photograph's view: shows what ``PaneState`` says, and turns a hand's movements into it."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, QSizeF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QImage,
    QMouseEvent,
    QNativeGestureEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget

from engine.answers import Heatmap, Look
from engine.geometry import Circle
from engine.pictures import Laterality
from viewer.layers.captions import Captions, draw_corners
from viewer.layers.legend import draw_legend
from viewer.layers.outline import draw_circle
from viewer.panes.loading import Loading, draw_loading
from viewer.panes.photograph_drag import GRIPS, PhotographDrag
from viewer.panes.photograph_hand import PhotographHand
from viewer.panes.photograph_slice import PhotographSlice
from viewer.panes.state import PaneState
from viewer.seen.frame import Composer
from viewer.seen.preparation import Preparation, Prepared
from viewer.seen.view_transform import ViewTransform, device_size
from viewer.theme import tokens
from viewer.tools.pan_zoom import Grip, Notches, wheel_factor
from viewer.tools.probe import probe
from viewer.tools.tool import Layer, Tool


class PhotographPane(QWidget):
    """A photograph with its heatmap, panned and zoomed by hand; keys are the window's."""

    probed = Signal(object)
    """A ``Probe``, or None where the pointer is beside the picture."""
    opacity_stepped = Signal(int)
    """Alt+wheel: notches, up is positive."""
    picture_stepped = Signal(int)
    """Shift+wheel: 1 for the next picture, -1 for the previous."""
    view_changed = Signal()
    """Another part of the picture is shown, or it is shown larger or smaller."""
    prepared = Signal(object)
    """What was made of the shown photograph, a ``Prepared``: for other views of it."""
    menu_asked = Signal(QPoint)
    """A right click, at a position on the screen."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.state = PaneState()
        self._composer = Composer()
        self._preparation = Preparation(self)
        self._preparation.prepared.connect(self._on_prepared)
        self._drag = PhotographDrag()
        self._notches = Notches()
        self.slice = PhotographSlice(self)
        self._hand = PhotographHand(self.slice)
        self._loading = Loading(self)
        self._told_view: ViewTransform | None = None
        self._pointer: QPointF | None = None
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Photograph")

    # ---- what is shown

    def show_photograph(
        self,
        pixels: NDArray[np.uint8],
        name: str,
        laterality: Laterality | None = None,
        content_hash: str = "",
    ) -> None:
        """Show another photograph, whole and without a heatmap.

        ``pixels`` is uint8 (y, x, 3), red, green, blue; it is kept, not copied. What is drawn on it
        is kept under ``content_hash``.
        """
        self.set_busy(False)
        # A drag holds the view of the photograph before, the pointer a pixel of it.
        self._end_drag()
        self._tell_nothing()
        made = self._preparation.start(pixels)
        self.state = self.state.with_photograph(pixels, self._device_size(), made)
        self.slice.show(pixels, content_hash)
        self.state.captions = Captions(name, laterality)
        self.setAccessibleName(f"Photograph {name}")
        self._changed()

    def prepare_ahead(self, others: Sequence[NDArray[np.uint8]]) -> None:
        """Make ready what may be shown next, each uint8 (y, x, 3); of others nothing is kept."""
        self._preparation.prepare_ahead(others)

    def show_heatmap(self, heatmap: Heatmap | None) -> None:
        """Lay a map over the photograph, or take it away."""
        self.state.set_heatmap(heatmap)
        if self._pointer is not None:
            self._probe(self._pointer)
        self._changed()

    def set_look(self, look: Look) -> None:
        """Opacity, *Hide below*, colour map, and whether the map is shown at all."""
        self.state.look = look
        self._changed()

    def set_assessed(self, circle: Circle | None) -> None:
        """Draw the area that the network was given, in photograph pixels."""
        self.state.assessed = circle
        self._changed()

    def set_captions(self, captions: Captions) -> None:
        """What the corners tell."""
        self.state.captions = captions
        self._changed()

    def word_boxes(self) -> list[QRectF]:
        """Where words and legend stand in the corners, for what is to keep off them."""
        return self.state.word_boxes(QSizeF(self.size()))

    def show_texts(self, shown: bool) -> None:
        """Show the words over the picture; which eye it is never goes."""
        self.state.texts = shown
        self._changed()

    def set_dimmed(self, dimmed: bool) -> None:
        """Dim the photograph behind a card that lies over it."""
        self.state.set_dimmed(dimmed)
        self._changed()

    def set_busy(self, busy: bool) -> None:
        """A photograph is being read: after a moment grey shapes stand where none is shown."""
        if busy:
            self._loading.begin()
        else:
            self._loading.end()
        self.update()

    def hold_hidden(self, held: bool) -> None:
        """Hide heatmap and outline until told otherwise."""
        self.state.hidden = held
        self._changed()

    def hold_red_free(self, held: bool) -> None:
        """Show the green channel as grey until told otherwise."""
        self.state.red_free = held
        self._changed()

    # ---- tools, and what lies on the photograph

    def set_layers(self, layers: Sequence[Layer]) -> None:
        """What lies on the photograph, the lowest first; the highest is taken hold of first."""
        self._hand.layers = tuple(layers)
        self.update()

    def lay_beneath(self, layer: Layer) -> None:
        """One more, beneath all others."""
        self.set_layers((layer, *self._hand.layers))

    def set_tool(self, tool: Tool | Grip) -> None:
        """What a left drag does."""
        self._hand.take(tool)
        self.unsetCursor()
        self.update()

    def drop_tool(self) -> bool:
        """Drop what a tool began; whether there was anything."""
        return self._hand.drop()

    def centre_on(self, place: tuple[float, float], scale: float | None = None) -> None:
        """Bring a picture position to the middle, at another scale if one is given."""
        self.state.centre_on(place, scale)
        self._changed()

    # ---- where to look

    def show_view(self, view: ViewTransform) -> None:
        """Look elsewhere."""
        self.state.view = view
        self._changed()

    @property
    def zoom(self) -> float:
        """Device pixels per photograph pixel; 0 without a photograph."""
        return self.state.view.scale if self.state.view is not None else 0.0

    def fit(self) -> None:
        """The whole picture; and from there, back to where it was."""
        self.state.toggle_fit()
        self._changed()

    def actual_size(self) -> None:
        """One photograph pixel on one device pixel."""
        self.state.zoom_to(1.0)
        self._changed()

    def reset(self) -> None:
        """The whole picture, with its own contrast and brightness."""
        self.state.reset()
        self._changed()

    def zoom_by(self, factor: float, at: QPointF | None = None) -> None:
        """Larger by ``factor`` around a position in the widget, or around the middle."""
        if self.state.view is None:
            return
        around = None if at is None else self._device(at)
        self.state.zoom_to(self.state.view.scale * factor, around)
        self._changed()

    def pan_by(self, across: float, down: float) -> None:
        """Move the picture by logical pixels."""
        ratio = self.devicePixelRatioF()
        if self.state.view is not None:
            self.state.view = self.state.view.panned(across * ratio, down * ratio)
            self._changed()

    # ---- Qt's events

    def resizeEvent(self, event: QResizeEvent) -> None:
        """A fitted picture stays fitted."""
        self._end_drag()
        self.state.resize(self._device_size())
        self._changed()
        super().resizeEvent(event)

    def event(self, event: QEvent) -> bool:
        """Pinch to zoom; another screen may have another device pixel ratio."""
        if isinstance(event, QNativeGestureEvent):
            if event.gestureType() is Qt.NativeGestureType.ZoomNativeGesture:
                self.zoom_by(1 + event.value(), event.position())
                return True
        elif event.type() is QEvent.Type.DevicePixelRatioChange:
            self.state.resize(self._device_size())
            self._changed()
        return super().event(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom at the pointer; with Alt opacity, with Shift another picture."""
        turn = event.angleDelta().y() or event.angleDelta().x()
        modifiers = event.modifiers()
        if modifiers & (Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.ShiftModifier):
            steps = self._notches.turned(turn)
            if steps and modifiers & Qt.KeyboardModifier.AltModifier:
                self.opacity_stepped.emit(steps)
            elif steps:
                self.picture_stepped.emit(-1 if steps > 0 else 1)
        else:
            self.zoom_by(wheel_factor(turn), event.position())
        self._probe(event.position())
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin a drag."""
        if self.state.view is None or event.button() not in GRIPS:
            return
        alone = self._drag.is_left_alone(event)
        # Where a photograph is but compared, nothing is drawn on it.
        if alone and self._update_slice() and self._hand.press(event):
            return
        self._hand.let_go()
        at = self._device(event.position())
        if self._drag.begin(event, at, self._hand.grip, self.state) is Grip.PAN:
            self.setCursor(Qt.CursorShape.ClosedHandCursor)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Go on with a drag, and tell what lies under the pointer."""
        if self._drag.is_on:
            at = self._device(event.position())
            if self._drag.move(at, self.devicePixelRatioF(), self.state):
                self._changed()
        elif self._update_slice():
            self._hand.move(event)
            shape = self._hand.cursor(event)
            if shape is None:
                self.unsetCursor()
            else:
                self.setCursor(shape)
        self._probe(event.position())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """End a drag; a right press that did not move asks for the menu."""
        if not self._drag.is_on and self._hand.is_dragging:
            self._hand.release(event)
        elif self._end_drag():
            self.menu_asked.emit(event.globalPosition().toPoint())

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """The whole picture, and back, unless it is about a tool or something drawn."""
        if event.button() is not Qt.MouseButton.LeftButton:
            return
        self._end_drag()
        if not self._update_slice() or not self._hand.double_click(event):
            self.fit()

    def leaveEvent(self, event: QEvent) -> None:
        """The pointer is nowhere on the picture."""
        self._tell_nothing()
        super().leaveEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        """The photograph with its heatmap by OpenCV, lines and words over it by Qt."""
        painter = QPainter(self)
        state = self.state
        if state.view is None:
            painter.fillRect(self.rect(), QColor(tokens.DARK.ground))
            if self._loading.is_shown:
                draw_loading(painter, QSizeF(self.size()))
            return
        pixels = self._composer.compose(state.scene, state.view)
        height, width = pixels.shape[:2]
        image = QImage(pixels.data, width, height, width * 4, QImage.Format.Format_RGB32)
        ratio = self.devicePixelRatioF()
        painter.save()
        # One buffer pixel on one device pixel: Qt copies, and nothing is resampled.
        painter.scale(1 / ratio, 1 / ratio)
        painter.drawImage(0, 0, image)
        painter.restore()
        self._draw_layers(painter, ratio)

    def _draw_layers(self, painter: QPainter, ratio: float) -> None:
        state, size = self.state, QSizeF(self.size())
        circle = state.shown_outline(ratio)
        if circle is not None and state.view is not None:
            picture = QRectF(*(side / ratio for side in state.view.frame))
            draw_circle(painter, circle, picture, size)
        if self._update_slice():
            self._hand.paint(painter)
        draw_corners(painter, size, state.corners(size))
        if (legend := state.legend_on(size)) is not None:
            draw_legend(painter, size, legend)

    # ---- inside

    def _changed(self) -> None:
        self.update()
        if self.state.view != self._told_view:
            self._told_view = self.state.view
            self.view_changed.emit()
        words = self.state.described()
        # Setting it tells those who listen, so it is set only when it is another.
        if words != self.accessibleDescription():
            self.setAccessibleDescription(words)

    def _update_slice(self) -> bool:
        return self.slice.update(self.state, self.devicePixelRatioF())

    def _end_drag(self) -> bool:
        """Let go of whatever is held; whether it was a right click."""
        if self.slice.volume is not None and self._update_slice():
            self._hand.let_go()
        self.unsetCursor()
        return self._drag.end()

    def _tell_nothing(self) -> None:
        self._pointer = None
        self.probed.emit(None)

    def _probe(self, at: QPointF) -> None:
        state = self.state
        self._pointer = at
        if state.view is None or state.pixels is None:
            return
        self.probed.emit(probe(state.pixels, state.view, state.heatmap, self._device(at)))

    def _device(self, at: QPointF) -> tuple[float, float]:
        """A position in the widget as a device position, whose pixel centres are whole."""
        ratio = self.devicePixelRatioF()
        return at.x() * ratio - 0.5, at.y() * ratio - 0.5

    def _device_size(self) -> tuple[int, int]:
        return device_size(self.width(), self.height(), self.devicePixelRatioF())

    def _on_prepared(self, prepared: Prepared) -> None:
        self.state.set_prepared(prepared)
        self.update()
        self.prepared.emit(prepared)
