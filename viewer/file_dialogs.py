"""Qt's own file dialog, where the system has none: in the theme's icons and plain words."""

from PySide6.QtWidgets import QFileDialog, QToolButton

from viewer.theme.theme import Theme

_ICONS = {
    "backButton": "chevron-left",
    "forwardButton": "chevron-right",
    "toParentButton": "chevron-up",
    "newFolderButton": "folder-plus",
    "listModeButton": "layout-grid",
    "detailModeButton": "list",
}
"""By the names that Qt gives to the buttons; a system's dialog has none of them."""


def dress(dialog: QFileDialog, theme: Theme) -> None:
    """Qt's own icons are black, also where the theme is dark."""
    dialog.setLabelText(QFileDialog.DialogLabel.LookIn, "Folder:")
    for button in dialog.findChildren(QToolButton):
        if button.objectName() in _ICONS:
            button.setIcon(theme.icon(_ICONS[button.objectName()]))
