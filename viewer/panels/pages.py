"""Pages beside the work, never in its way: settings, keys, a pack's card, about."""

import platform
from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal, qVersion
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QScrollArea,
    QTextBrowser,
    QVBoxLayout,
    QWidget,
)

from engine.listing import RefusedFile
from engine.pictures import Repair
from engine.records.forms import ReadingMode
from engine.telling import words
from viewer.panels.card_text import laid_out, rule
from viewer.panels.chooser import Chooser
from viewer.panels.device import device_words
from viewer.panels.parts import Button, label
from viewer.theme import tokens
from viewer.theme.focus import FocusRing
from viewer.theme.theme import Theme
from viewer.theme.tokens import ThemeName
from viewer.version import program_version

_DEVICES = ("automatic", "processor")
_MODES = {
    ReadingMode.ASSISTED: "Assisted: the model's word is shown",
    ReadingMode.FIRST: "Reading first: hidden until you sign",
}
_CARD, _CARD_TEXT = (880, 640), 800
"""Its least width and usual height, and the width that is left for its text."""
_THEMES = {ThemeName.DARK: "Dark", ThemeName.LIGHT: "Light"}


class Page(QDialog):
    """A window of its own that blocks nothing; Escape closes it.

    Its title stands above what it holds, unless that has a ``headline`` of its own.
    """

    def __init__(self, window: QWidget, theme: Theme, title: str, *, headline: bool = True) -> None:
        super().__init__(window)
        self.setModal(False)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(title)
        self.setAccessibleName(title)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(24, 20, 24, 20)
        self.column.setSpacing(tokens.PAD_TOP)
        self.ring = FocusRing(theme, self)
        if headline:
            self.column.addWidget(label(title, "headline"))


class SettingsPage(Page):
    """One page; every change acts at once."""

    device_chosen = Signal(str)
    theme_chosen = Signal(object)
    mode_chosen = Signal(object)
    """A ``ReadingMode``."""
    reset_wanted = Signal()

    def __init__(
        self,
        window: QWidget,
        theme: Theme,
        device: str,
        devices: tuple[str, ...],
        found: str,
        mode: ReadingMode = ReadingMode.ASSISTED,
    ) -> None:
        super().__init__(window, theme, "Settings")
        form = QGridLayout()
        form.setHorizontalSpacing(20)
        form.setVerticalSpacing(tokens.GAP)
        form.setColumnStretch(1, 1)
        cards = tuple(name for name in devices if name.startswith("cuda"))
        names = tuple(dict.fromkeys((*_DEVICES, *cards, device)))
        self.device = Chooser(theme, "Device")
        for name in names:
            self.device.addItem(device_words(name).capitalize())
        self.device.setCurrentIndex(names.index(device))
        self.device.activated.connect(lambda number: self.device_chosen.emit(names[number]))
        form.addWidget(label("Compute on"), 0, 0)
        form.addWidget(self.device, 0, 1)
        form.addWidget(label(found, "hint", wrap=True), 1, 1)
        self.theme_name = Chooser(theme, "Theme")
        for words_ in _THEMES.values():
            self.theme_name.addItem(words_)
        self.theme_name.setCurrentIndex(list(_THEMES).index(theme.tokens.name))
        self.theme_name.activated.connect(
            lambda number: self.theme_chosen.emit(list(_THEMES)[number])
        )
        form.addWidget(label("Theme"), 2, 0)
        form.addWidget(self.theme_name, 2, 1)
        self.mode = Chooser(theme, "Reading")
        for words_ in _MODES.values():
            self.mode.addItem(words_)
        self.mode.setCurrentIndex(list(_MODES).index(mode))
        self.mode.activated.connect(lambda number: self.mode_chosen.emit(list(_MODES)[number]))
        form.addWidget(label("Reading"), 3, 0)
        form.addWidget(self.mode, 3, 1)
        self.column.addLayout(form)
        self.column.addStretch()
        row = QHBoxLayout()
        reset = Button(theme, "Reset settings", "zoom-reset")
        reset.setToolTip("Goes back to the settings of a first start; recent pictures stay")
        reset.clicked.connect(self.reset_wanted)
        row.addWidget(reset)
        row.addStretch()
        done = Button(theme, "Close", kind="primary")
        done.clicked.connect(self.close)
        row.addWidget(done)
        self.column.addLayout(row)
        self.resize(460, 300)


class CardPage(Page):
    """A pack's card: what it was made of, and its limits; its first line is the pack's name."""

    def __init__(self, window: QWidget, theme: Theme, title: str, markdown: str) -> None:
        super().__init__(window, theme, title, headline=False)
        text = QTextBrowser()
        text.setOpenLinks(False)
        text.setAccessibleName("The pack's card")
        self._theme, self._document = theme, laid_out(markdown, theme, _CARD_TEXT, text)
        text.setDocument(self._document)
        theme.changed.connect(self._rule)
        self.column.addWidget(text, 1)
        done = Button(theme, "Close", kind="primary")
        done.clicked.connect(self.close)
        self.column.addWidget(done, 0, Qt.AlignmentFlag.AlignRight)
        self.setMinimumWidth(_CARD[0])
        self.resize(*_CARD)

    def _rule(self) -> None:
        rule(self._document, self._theme)


class ListPage(Page):
    """Paragraphs one under the other, as far down as they go; some with a heading."""

    def __init__(
        self,
        window: QWidget,
        theme: Theme,
        heading: str,
        title: str,
        paragraphs: Sequence[tuple[str, str]],
        note: str = "",
    ) -> None:
        super().__init__(window, theme, heading)
        self.column.addWidget(label(title, "second", wrap=True))
        listed = QWidget()
        column = QVBoxLayout(listed)
        column.setContentsMargins(0, 0, tokens.GAP, 0)
        column.setSpacing(tokens.GAP)
        for head, text in paragraphs:
            if head:
                column.addWidget(label(head, "strong", wrap=True))
            column.addWidget(label(text, wrap=True))
        if note:
            column.addWidget(label(note, "hint", wrap=True))
        column.addStretch()
        # Not squeezed into the page: words that do not fit it are scrolled to.
        scrolled = QScrollArea()
        scrolled.setFrameShape(QFrame.Shape.NoFrame)
        scrolled.setWidgetResizable(True)
        scrolled.setWidget(listed)
        self.column.addWidget(scrolled, 1)
        done = Button(theme, "Close", kind="primary")
        done.clicked.connect(self.close)
        self.column.addWidget(done, 0, Qt.AlignmentFlag.AlignRight)
        self.resize(520, 420)


class RepairsPage(ListPage):
    """What was mended in a series' geometry on loading, numbered."""

    def __init__(
        self, window: QWidget, theme: Theme, title: str, repairs: Sequence[Repair]
    ) -> None:
        paragraphs = [
            (f"{number}. {repair.kind.value.capitalize()}", repair.detail)
            for number, repair in enumerate(repairs, start=1)
        ]
        note = (
            "A repair holds for what is shown, measured and exported; the files are as they were."
        )
        super().__init__(window, theme, "Repairs", title, paragraphs, note)


class NotReadPage(ListPage):
    """Every file that was not read, and why."""

    def __init__(self, window: QWidget, theme: Theme, files: Sequence[RefusedFile]) -> None:
        paragraphs = [("", file.told) for file in files]
        title = "The other files are not affected."
        super().__init__(window, theme, "Not read", title, paragraphs)


class AboutPage(Page):
    """Version, device and licence."""

    def __init__(self, window: QWidget, theme: Theme, device: str) -> None:
        super().__init__(window, theme, "About LesionLens")
        for line in (
            f"Version {program_version()}",
            f"Python {platform.python_version()}, Qt {qVersion()}",
            device or "The engine has not told its device yet.",
            "Apache License 2.0. Icons: Tabler Icons (MIT). Type: Inter (OFL 1.1). "
            "Qt is used under the LGPL 3.0.",
            words.STRIP,
        ):
            self.column.addWidget(label(line, wrap=True))
        self.column.addStretch()
        done = Button(theme, "Close", kind="primary")
        done.clicked.connect(self.close)
        self.column.addWidget(done, 0, Qt.AlignmentFlag.AlignRight)
        self.resize(440, 280)
