"""The focus ring holds on to nothing that is gone."""

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QPushButton, QVBoxLayout, QWidget
from shiboken6 import delete

from viewer.theme.focus import FocusRing
from viewer.theme.theme import Theme


def test_it_goes_with_a_control_that_was_deleted_under_the_keyboard(
    qtbot: Any, qapp: QApplication
) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    column = QVBoxLayout(window)
    goes, stays = QPushButton("goes"), QPushButton("stays")
    column.addWidget(goes)
    column.addWidget(stays)
    ring = FocusRing(Theme(qapp), window)
    with qtbot.waitActive(window):
        window.show()
        window.activateWindow()
    stays.setFocus()
    goes.setFocus(Qt.FocusReason.TabFocusReason)
    assert ring.isVisible()
    delete(goes)
    with qtbot.captureExceptions() as raised:
        stays.hide()
    assert raised == []
    assert not ring.isVisible()
