"""PySide6 6.12.0 loses references to True and None and kills Python 3.11; this guards a bump."""

import sys

import pytest
from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QApplication, QWidget

TIMES = 500


class _Caller(QObject):
    called = Signal()


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="True and None are immortal from 3.12 on.")
def test_signals_and_setters_lose_no_reference(qapp: QApplication) -> None:
    caller, widget = _Caller(), QWidget()
    caller.called.connect(lambda: None)
    before = sys.getrefcount(True), sys.getrefcount(None)
    for _ in range(TIMES):
        caller.called.emit()
        widget.setEnabled(True)
    after = sys.getrefcount(True), sys.getrefcount(None)
    # Other threads and caches move the counts by a few; the error moves them by TIMES.
    assert all(abs(new - old) < TIMES / 5 for new, old in zip(after, before, strict=True))
