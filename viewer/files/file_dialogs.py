"""Qt's own file dialog, where the system has none: roomy, in the theme, in plain words."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import (
    QComboBox,
    QFileDialog,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QSplitter,
    QToolButton,
    QTreeView,
    QWidget,
)

from viewer.theme import icons, tokens
from viewer.theme.theme import Theme

ALL_FILES = "All files (*)"

_ICONS = {
    "backButton": "chevron-left",
    "forwardButton": "chevron-right",
    "toParentButton": "chevron-up",
    "newFolderButton": "folder-plus",
    "listModeButton": "layout-grid",
    "detailModeButton": "list",
}
"""By the names that Qt gives to the buttons."""

_SIZE = QSize(1040, 640)
_MOST = 0.9
"""Of the screen."""
_SIDE = 200


def dress(dialog: QFileDialog, theme: Theme) -> None:
    """Make Qt's own dialog fit to be used, before it is shown; a system's stays as it is."""
    if not dialog.findChildren(QTreeView):
        return
    dialog.setLabelText(QFileDialog.DialogLabel.LookIn, "Folder:")
    if dialog.fileMode() is QFileDialog.FileMode.Directory:
        dialog.setLabelText(QFileDialog.DialogLabel.FileName, "Folder name:")
        for part in dialog.findChildren(QWidget):
            if part.objectName() in ("fileTypeLabel", "fileTypeCombo"):  # there are but folders
                part.hide()
    for button in dialog.findChildren(QToolButton):
        if button.objectName() in _ICONS:
            # Qt's own icons are black, also where the theme is dark.
            button.setIcon(theme.icon(_ICONS[button.objectName()]))
    for combo in dialog.findChildren(QComboBox):
        _give_arrow(combo, theme)
    _useful_first(dialog)
    _give_room(dialog)


def _give_room(dialog: QFileDialog) -> None:
    """Of a size that shows names whole, whatever was left behind by another program of Qt's."""
    dialog.resize(_SIZE.boundedTo(dialog.screen().availableSize() * _MOST))
    for splitter in dialog.findChildren(QSplitter):
        splitter.setSizes([_SIDE, dialog.width() - _SIDE])
    for tree in dialog.findChildren(QTreeView):
        header = tree.header()
        header.setStretchLastSection(False)
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)


def _useful_first(dialog: QFileDialog) -> None:
    """Show what can be opened, where else all files would stand first."""
    first, *kinds = dialog.nameFilters() or [""]
    if first == ALL_FILES and kinds:
        endings = " ".join(kind.partition("(")[2].rstrip(")") for kind in kinds)
        dialog.setOption(QFileDialog.Option.HideNameFilterDetails)
        dialog.setNameFilters([f"Pictures ({endings})", *kinds, ALL_FILES])


def _give_arrow(combo: QComboBox, theme: Theme) -> None:
    """The style sheet leaves the arrow out: a style sheet's own has no colour of the theme."""
    arrow = QLabel()
    arrow.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
    ratio = combo.devicePixelRatioF()
    arrow.setPixmap(icons.pixmap("chevron-down", theme.tokens.text2, tokens.ICON, ratio))
    row = QHBoxLayout(combo)
    row.setContentsMargins(0, 0, tokens.GAP, 0)
    row.addWidget(arrow, 0, Qt.AlignmentFlag.AlignRight)
