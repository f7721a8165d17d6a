"""Scroll the panel so far that what has the keys is seen."""

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QScrollArea, QWidget


def bring_into_sight(block: QWidget, part: QWidget | None = None) -> None:
    """Scroll so far that all of ``block`` is seen.

    Where it has no room it is seen from its top, or from so far down that ``part`` is seen.
    """
    above = block.parentWidget()
    while above is not None and not isinstance(above, QScrollArea):
        above = above.parentWidget()
    if above is None or not block.isVisible():
        return
    # Not ensureWidgetVisible: of a list that shows but the row that the keys are on.
    bar, room = above.verticalScrollBar(), above.viewport().height()
    top = bar.value() + block.mapTo(above.viewport(), QPoint()).y()
    if block.height() > room and part is not None:
        end = bar.value() + part.mapTo(above.viewport(), QPoint()).y() + part.height()
        top = max(top, end - room)
    least = top + min(block.height(), room) - room
    bar.setValue(min(max(bar.value(), least), top))
