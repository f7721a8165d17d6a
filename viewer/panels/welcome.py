"""The page of a window without a picture: what would be here, one button, one phantom."""

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from engine.answers import PackSummary
from viewer.panels.drop_zone import DropZone
from viewer.panels.parts import Button, label
from viewer.theme import icons
from viewer.theme.theme import Theme

_WIDE = 684
_NAME_MOST = 28


class Welcome(QScrollArea):
    """A drop zone, the ways to a picture, and the packs on this computer."""

    open_wanted = Signal()
    folder_wanted = Signal()
    phantom_wanted = Signal()
    pack_wanted = Signal()
    recent_wanted = Signal()
    """What was opened last, again."""
    came = Signal()
    """It is on the screen: what was opened last may be another than when it was seen before."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.setWidgetResizable(True)
        self.setProperty("kind", "page")
        page = QWidget()
        page.setProperty("kind", "page")
        self.setWidget(page)
        around = QHBoxLayout(page)
        around.setContentsMargins(24, 24, 24, 24)
        column = QVBoxLayout()
        column.setSpacing(12)
        column.addStretch(1)
        column.addWidget(label("Welcome to LesionLens", "decision"))
        column.addWidget(
            label(
                "It shows what a model sees in a photograph of an eye, where, and how sure it is, "
                "and opens CT and MR to be read and measured. The reading stays yours.",
                "body",
                wrap=True,
            )
        )
        self._zone = _DropZone(theme)
        column.addWidget(self._zone)
        row = QHBoxLayout()
        row.setSpacing(8)
        self.open_button = Button(theme, "Open picture…", "folder-open", kind="primary")
        self.open_button.clicked.connect(self.open_wanted)
        self.folder_button = Button(theme, "Open folder…", "folder")
        self.folder_button.setToolTip("Its photographs, or its series to choose from")
        self.folder_button.clicked.connect(self.folder_wanted)
        self.phantom_button = Button(theme, "Try the phantom eye", "bulb")
        self.phantom_button.setToolTip("A drawn eye whose lesions are known; no real patient")
        self.phantom_button.clicked.connect(self.phantom_wanted)
        self.recent_button = Button(theme, "", "history")
        self.recent_button.clicked.connect(self.recent_wanted)
        row.addWidget(self.open_button)
        row.addWidget(self.folder_button)
        row.addWidget(self.phantom_button)
        row.addStretch()
        column.addLayout(row)
        # A row of its own: a file's name may be long.
        column.addWidget(self.recent_button, 0, Qt.AlignmentFlag.AlignLeft)
        # In room that is kept for them: what stands above does not move once they are known.
        below = QWidget()
        beneath = QVBoxLayout(below)
        beneath.setContentsMargins(0, 8, 0, 0)
        beneath.setSpacing(12)
        self._packs_label = label("PACKS ON THIS COMPUTER", "label")
        beneath.addWidget(self._packs_label)
        self._packs = QVBoxLayout()
        self._packs.setSpacing(6)
        beneath.addLayout(self._packs)
        beneath.addStretch()
        column.addWidget(below, 3)
        around.addStretch(1)
        middle = QWidget()
        middle.setLayout(column)
        middle.setFixedWidth(_WIDE)
        around.addWidget(middle)
        around.addStretch(1)
        self.show_packs(())

    def showEvent(self, event: QShowEvent) -> None:
        """Have what was opened last looked up."""
        self.came.emit()
        super().showEvent(event)

    def show_recent(self, recent: tuple[str, ...]) -> None:
        """Offer what was opened last, if anything was."""
        self.recent_button.setVisible(bool(recent))
        if recent:
            name = Path(recent[0]).name
            short = name if len(name) <= _NAME_MOST else f"{name[: _NAME_MOST - 1]}…"
            self.recent_button.setText(f" Open {short} again")
            self.recent_button.setAccessibleName(f"Open {name} again")
            self.recent_button.setToolTip(recent[0])

    def show_packs(self, packs: tuple[PackSummary, ...], *, known: bool = False) -> None:
        """List the packs; nothing until they are ``known``."""
        while (item := self._packs.takeAt(0)) is not None:
            row = item.widget()
            if row is not None:
                row.deleteLater()
        self._packs_label.setVisible(known)
        if known and not packs:
            none = "None yet. A pack is a trained model; photographs can be looked at without one."
            self._packs.addWidget(label(none, "second", wrap=True))
            add = Button(self._theme, "Add pack…", "package-import")
            add.clicked.connect(self.pack_wanted)
            self._packs.addWidget(add, 0, Qt.AlignmentFlag.AlignLeft)
        for pack in packs:
            self._packs.addWidget(_PackRow(self._theme, pack))


class _DropZone(DropZone):
    """Where a picture may be dropped."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, 156)
        column = self.column
        column.setContentsMargins(16, 16, 16, 16)
        column.addStretch()
        self._icon = label("")
        column.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addSpacing(4)
        column.addWidget(
            label("Drop a photograph, a series or a folder here", "title"),
            0,
            Qt.AlignmentFlag.AlignHCenter,
        )
        formats = label(
            "JPEG, PNG, TIFF, DICOM, NIfTI; CT and MR also as ZIP. Nothing leaves this computer.",
            "second",
        )
        column.addWidget(formats, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch()
        theme.changed.connect(self._draw_icon)
        self._draw_icon()

    def _draw_icon(self) -> None:
        ratio = self.devicePixelRatioF()
        self._icon.setPixmap(icons.pixmap("photo", self._theme.tokens.text2, 32, ratio))


class _PackRow(QFrame):
    """A pack by title, name and version, and whether it can be used."""

    def __init__(self, theme: Theme, pack: PackSummary) -> None:
        super().__init__()
        self.setProperty("kind", "card")
        self.setAccessibleName(f"Pack {pack.title} {pack.version}")
        across = QHBoxLayout(self)
        across.setContentsMargins(14, 9, 12, 9)
        across.setSpacing(12)
        self._theme = theme
        self._icon = label("")
        across.addWidget(self._icon)
        words = QVBoxLayout()
        words.setSpacing(1)
        words.addWidget(label(pack.title, "strong"))
        detail = pack.fault or f"{pack.name} {pack.version} · eye photographs"
        words.addWidget(label(detail, "second", wrap=True))
        across.addLayout(words, 1)
        across.addWidget(label("Cannot be used" if pack.fault else "Ready", "chip"))
        theme.changed.connect(self._draw_icon)
        self._draw_icon()

    def _draw_icon(self) -> None:
        ratio = self.devicePixelRatioF()
        self._icon.setPixmap(icons.pixmap("package", self._theme.tokens.text2, 20, ratio))
