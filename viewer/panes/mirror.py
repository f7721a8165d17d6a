"""Two eyes seen alike: zoom linked, pan mirrored, so that both views move toward the nose together.

Positions are told by the picture's own width and height, seen from its middle: what lies so far to
the right in one eye lies so far to the left in the other.
"""

from dataclasses import dataclass, replace

from PySide6.QtCore import QObject, Signal

from viewer.panes.photograph import PhotographPane
from viewer.seen.view_transform import ViewTransform


@dataclass(frozen=True)
class Mirror:
    """How one view stands to the mirrored other: nothing at first, else what a hand left.

    ``zoom`` is how much larger one is, each in parts of its whole picture's size; ``across`` and
    ``down`` are in parts of the picture's sides.
    """

    zoom: float = 1.0
    across: float = 0.0
    down: float = 0.0

    @classmethod
    def between(cls, leader: ViewTransform, follower: ViewTransform) -> "Mirror":
        """How ``follower`` stands to ``leader`` now."""
        (x, y), (own_x, own_y) = _seen(leader), _seen(follower)
        zoom = (follower.scale / follower.fit_scale) / (leader.scale / leader.fit_scale)
        return cls(zoom, own_x + x, own_y - y)

    @property
    def back(self) -> "Mirror":
        """The same with the two in each other's place."""
        return Mirror(1 / self.zoom, self.across, -self.down)

    def followed(self, leader: ViewTransform, follower: ViewTransform) -> ViewTransform:
        """The view of the follower that belongs to the leader's."""
        if self == Mirror() and leader.is_fitted:
            return ViewTransform.fitted(follower.picture, follower.view)
        x, y = _seen(leader)
        part = leader.scale / leader.fit_scale * self.zoom
        at_scale = follower.at_scale(part * follower.fit_scale)
        width, height = follower.picture
        centre = (
            (width - 1) / 2 + (self.across - x) * width,
            (height - 1) / 2 + (self.down + y) * height,
        )
        return replace(at_scale, centre=centre).panned(0, 0)


def _seen(view: ViewTransform) -> tuple[float, float]:
    """Where the middle of the view lies, from the picture's middle, in parts of its sides."""
    (width, height), (x, y) = view.picture, view.centre
    return (x - (width - 1) / 2) / width, (y - (height - 1) / 2) / height


class MirrorLink(QObject):
    """Keeps two views together while ``linked``; whichever a hand moves leads."""

    changed = Signal()
    """Linked or not any more."""

    def __init__(self, first: PhotographPane, second: PhotographPane, parent: QObject) -> None:
        super().__init__(parent)
        self._panes = (first, second)
        self._mirror = Mirror()
        self._linked = True
        self._following = False
        first.view_changed.connect(lambda: self._follow(first, second))
        second.view_changed.connect(lambda: self._follow(second, first))

    @property
    def linked(self) -> bool:
        """Whether one follows the other."""
        return self._linked

    def set_linked(self, linked: bool) -> None:
        """Link or part them; linked anew, each keeps the place that it has to the other."""
        if linked and not self._linked:
            first, second = (pane.state.view for pane in self._panes)
            if first is not None and second is not None:
                self._mirror = Mirror.between(first, second)
        self._linked = linked
        self.changed.emit()

    def align(self) -> None:
        """Both show the same again, mirrored: the first one's place."""
        self._mirror = Mirror()
        self._follow(*self._panes)

    def place(self, which: int, view: ViewTransform) -> None:
        """Show this in one of the views alone; they keep the place that they have then."""
        self._following = True
        try:
            self._panes[which].show_view(view)
        finally:
            self._following = False
        first, second = (pane.state.view for pane in self._panes)
        if first is not None and second is not None:
            self._mirror = Mirror.between(first, second)

    def _follow(self, leader: PhotographPane, follower: PhotographPane) -> None:
        led, own = leader.state.view, follower.state.view
        if self._following or not self._linked or led is None or own is None:
            return
        if not (leader.isVisible() and follower.isVisible()):
            return
        mirror = self._mirror if leader is self._panes[0] else self._mirror.back
        self._following = True
        try:
            follower.show_view(mirror.followed(led, own))
        finally:
            self._following = False
