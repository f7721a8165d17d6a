"""In which order each map's pixels are removed: found beside the window's thread."""

from PySide6.QtCore import QObject, Signal

from engine.answers import Heatmap
from viewer.compare.removed import Order
from viewer.compare.sources import Source
from viewer.worker import Worker


class Orders(QObject):
    """A map's own order until a check has told the one that it went by."""

    made = Signal()
    _found = Signal(object, object, object)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._worker = Worker("orders")
        self._orders: dict[tuple[str, ...], Order] = {}
        self._of: dict[tuple[str, ...], Heatmap] = {}
        self._told: set[tuple[str, ...]] = set()
        self._found.connect(self._keep)

    def of(self, source: Source) -> Order | None:
        """The order of a source's map, None until it is found."""
        return self._orders.get(source.key)

    def want(self, source: Source, heatmap: Heatmap) -> None:
        """Find the order of this map, unless it is known."""
        if self._of.get(source.key) is not heatmap:
            self._of[source.key] = heatmap
            self._worker.start(lambda: self._found.emit(source.key, heatmap, Order.of(heatmap)))

    def take(self, source: Source | None, order: Order) -> None:
        """The order that a check went by, in place of the map's own."""
        if source is not None:
            self._told.add(source.key)
            self._orders[source.key] = order
            self.made.emit()

    def forget(self) -> None:
        """Another photograph is shown."""
        self._orders.clear()
        self._of.clear()
        self._told.clear()

    def _keep(self, key: tuple[str, ...], heatmap: Heatmap, order: Order) -> None:
        if self._of.get(key) is heatmap and key not in self._told:
            self._orders[key] = order
            self.made.emit()
