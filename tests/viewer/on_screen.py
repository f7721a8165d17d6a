"""What is on a window, found as a person finds it: by its name or words."""

from PySide6.QtWidgets import QLabel, QPushButton, QToolButton, QWidget
from window_desk import Desk


def button_of(within: QWidget, name: str) -> QPushButton:
    found = [
        button
        for button in within.findChildren(QPushButton)
        if button.accessibleName() == name and button.isVisible()
    ]
    assert found, f"no button {name}"
    return found[0]


def tool_of(desk: Desk, name: str) -> QToolButton:
    return next(
        tool
        for tool in desk.window.findChildren(QToolButton)
        if tool.accessibleName() == name and tool.isVisible()
    )


def words_of(within: QWidget) -> str:
    return "\n".join(label.text() for label in within.findChildren(QLabel) if label.isVisible())
