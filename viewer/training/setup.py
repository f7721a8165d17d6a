"""Before a training: the folder, what was found in it, and a plan in few words."""

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QProgressBar,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from engine.runs import Check, rounds_for
from viewer.panels.chooser import Chooser
from viewer.panels.drop_zone import DropZone
from viewer.panels.parts import Button, label, tight_column
from viewer.panels.said import Said
from viewer.panels.switch import Switch
from viewer.panels.whole_number import WholeNumber
from viewer.theme.theme import Theme
from viewer.training.room import Wish

_WIDE, _SIDES = 720, 24
_LEFT_OUT = 6
"""Files left out that are named one by one."""
_PHANTOMS = 300
_SIZES = {112: "112 pixels, quick", 224: "224 pixels", 448: "448 pixels, the paper's"}
_NETWORKS = {"net_b": "Net B", "net_a": "Net A"}


class Setup(QWidget):
    """From top to bottom: drop zone, what was found, the plan; Start stays in sight beneath."""

    choose_wanted = Signal()
    check_wanted = Signal(object)
    """Names of the classes that are referable, as switched by hand."""
    cancel_wanted = Signal()
    start_wanted = Signal(object)
    """A ``Wish``."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._check: Check | None = None
        page = QWidget()
        page.setProperty("kind", "page")
        around = QHBoxLayout(page)
        around.setContentsMargins(_SIDES, 20, _SIDES, 20)
        middle = QWidget()
        middle.setFixedWidth(_WIDE)
        self._column = column = QVBoxLayout(middle)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addWidget(label("Train a network on your own photographs", "decision"))
        column.addWidget(
            label(
                "It learns from the label of each picture alone which are referable, and you watch "
                "what it looks at. Nothing leaves this computer.",
                "body",
                wrap=True,
            )
        )
        self._zone = _DropZone(theme)
        column.addWidget(self._zone)
        row = QHBoxLayout()
        self.choose_button = Button(theme, "Choose folder…", "folder-open", kind="primary")
        self.choose_button.clicked.connect(self.choose_wanted)
        row.addWidget(self.choose_button)
        self.other_button = Button(theme, "Choose another folder…", "folder-open", small=True)
        self.other_button.clicked.connect(self.choose_wanted)
        row.addWidget(self.other_button)
        self._looking = label("Looking at the pictures…", "second")
        row.addWidget(self._looking)
        self._bar = QProgressBar()
        self._bar.setRange(0, 0)
        self._bar.setTextVisible(False)
        self._bar.setFixedWidth(120)
        row.addWidget(self._bar)
        self._cancel = Button(theme, "Cancel", "x", small=True)
        self._cancel.clicked.connect(self.cancel_wanted)
        row.addWidget(self._cancel)
        row.addStretch()
        column.addLayout(row)
        self._fault = Said(theme, "alert-circle")
        column.addWidget(self._fault)
        self._found = QWidget()
        self._found_column = QVBoxLayout(self._found)
        self._found_column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._found)
        self.plan = PlanCard(theme)
        column.addWidget(self.plan)
        self.start_button = Button(theme, "Start training", "player-play", kind="primary")
        self.start_button.clicked.connect(self._start)
        column.addStretch(1)
        around.addStretch(1)
        around.addWidget(middle)
        around.addStretch(1)
        self._foot = _foot(self.start_button)
        self._form = _Form(page, self._foot)
        self._form.setAccessibleName("New training")
        whole = tight_column(self)
        whole.addWidget(self._form, 1)
        whole.addWidget(self._foot)
        self.clear()

    def clear(self) -> None:
        """As if no folder had been chosen yet."""
        self._check = None
        self._show_found()
        self.show_looking(False)
        self.show_fault("")

    def show_looking(self, looking: bool) -> None:
        """Whether a folder is being looked through."""
        for part in (self._looking, self._bar, self._cancel):
            part.setVisible(looking)
        if looking:  # before what has the focus goes, else it jumps to another part of the window
            self._cancel.setFocus()
        found = self._check is not None
        self._zone.setVisible(not found)
        self.choose_button.setVisible(not found and not looking)
        self.other_button.setVisible(found and not looking)
        self.start_button.setEnabled(not looking and self.may_start)

    def show_fault(self, words: str) -> None:
        """What stood in the way of looking through a folder."""
        self._fault.say(words)
        if words:  # it was Start that was pressed, perhaps, far below
            self._column.activate()
            self._form.ensureWidgetVisible(self._fault)

    def show_check(self, check: Check) -> None:
        """What was found in a folder."""
        other = self._check is None or self._check.folder != check.folder
        self._check = check
        self._show_found()
        self.show_looking(False)
        self.show_fault("")
        (self.start_button if self.may_start else self.other_button).setFocus()
        if other:
            self.plan.title.setText(Path(check.folder).name)
            self.plan.passes.setValue(rounds_for(check.pictures))

    @property
    def check(self) -> Check | None:
        """What was found last."""
        return self._check

    @property
    def may_start(self) -> bool:
        """Whether nothing stands in the way."""
        check = self._check
        return check is not None and not check.undecided and not check.refusal

    def wish(self) -> Wish | None:
        """What was chosen."""
        if self._check is None:
            return None
        referable = tuple(each.name for each in self._check.classes if each.referable)
        folder = Path(self._check.folder)
        return self.plan.wish(folder, () if self._check.table else referable)

    def _start(self) -> None:
        wish = self.wish()
        if wish is not None and self.may_start:
            self.start_wanted.emit(wish)

    def _show_found(self) -> None:
        while (item := self._found_column.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()
        check = self._check
        for part in (self._found, self.plan, self._foot):
            part.setVisible(check is not None)
        if check is not None:
            card = FoundCard(self._theme, check)
            card.referable_changed.connect(self.check_wanted)
            self._found_column.addWidget(card)
            self.plan.setVisible(not check.refusal)
            self.start_button.setEnabled(self.may_start)


class _Form(QScrollArea):
    """What is filled in; ``foot`` beneath it stands in its column, beside a scroll bar too."""

    def __init__(self, page: QWidget, foot: QWidget) -> None:
        super().__init__()
        self.setWidgetResizable(True)
        self.setProperty("kind", "page")
        self.setWidget(page)
        self._foot = foot

    def resizeEvent(self, event: QResizeEvent) -> None:
        """More or less room, or a scroll bar comes or goes."""
        super().resizeEvent(event)
        bar = self.width() - self.viewport().width()
        self._foot.setContentsMargins(_SIDES, 10, _SIDES + bar, 10)


def _foot(button: Button) -> QWidget:
    foot = QWidget()
    foot.setProperty("kind", "strip")
    foot.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
    across = QHBoxLayout(foot)
    across.setContentsMargins(0, 0, 0, 0)
    middle = QWidget()
    middle.setFixedWidth(_WIDE)
    column = tight_column(middle)
    column.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)
    across.addStretch(1)
    across.addWidget(middle)
    across.addStretch(1)
    return foot


class FoundCard(QFrame):
    """Classes with their counts and what each means, then warnings and what was left out."""

    referable_changed = Signal(object)

    def __init__(self, theme: Theme, check: Check) -> None:
        super().__init__()
        self.setProperty("kind", "card")
        self.setAccessibleName("Data check")
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 12, 14, 12)
        column.setSpacing(8)
        column.addWidget(label(_title(check), "title", wrap=True))
        grid = QGridLayout()
        grid.setHorizontalSpacing(18)
        grid.setColumnStretch(0, 1)
        for at, words in enumerate(("class", "pictures", "referable")):
            grid.addWidget(label(words, "hint"), 0, at)
        self.switches: dict[str, Switch] = {}
        for row, each in enumerate(check.classes, 1):
            grid.addWidget(label(each.name, "strong"), row, 0)
            grid.addWidget(label(str(each.pictures)), row, 1, Qt.AlignmentFlag.AlignRight)
            switch = Switch(theme, f"{each.name} is referable")
            switch.setChecked(bool(each.referable))
            # A table's grades mean what they mean.
            switch.setEnabled(not check.table)
            switch.clicked.connect(self._tell)
            self.switches[each.name] = switch
            grid.addWidget(switch, row, 2)
        column.addLayout(grid)
        if check.undecided:
            column.addWidget(
                _said(
                    theme, "alert-triangle",
                    "The names do not tell which classes are referable. Switch on those that are.",
                )
            )  # fmt: skip
        if check.refusal:
            column.addWidget(_said(theme, "alert-circle", check.refusal, "error"))
        for warning in check.warnings:
            column.addWidget(_said(theme, "alert-triangle", warning))
        for left in check.left_out[:_LEFT_OUT]:
            column.addWidget(label(f"{left.name}: {left.why}", "hint", wrap=True))
        if len(check.left_out) > _LEFT_OUT:
            column.addWidget(label(f"and {len(check.left_out) - _LEFT_OUT} more", "hint"))

    def _tell(self) -> None:
        self.referable_changed.emit(
            tuple(name for name, switch in self.switches.items() if switch.isChecked())
        )


class PlanCard(QFrame):
    """Network, size, rounds, sparse heatmaps, drawn eyes first."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setProperty("kind", "card")
        self.setAccessibleName("Plan")
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 12, 14, 12)
        column.setSpacing(8)
        column.addWidget(label("Plan", "title"))
        grid = QGridLayout()
        grid.setHorizontalSpacing(18)
        grid.setVerticalSpacing(6)
        grid.setColumnStretch(2, 1)
        self.title = QLineEdit()
        self.title.setAccessibleName("Name of the training")
        self.title.setFixedWidth(240)
        self.network = _chooser(theme, "Network", _NETWORKS)
        self.pixels = _chooser(theme, "Size", _SIZES)
        self.passes = WholeNumber("Rounds")
        self.passes.setRange(1, 1000)
        self.passes.setValue(30)
        self.passes.setFixedWidth(90)
        self.sparse = Switch(theme, "Sparse heatmaps")
        self.phantoms = Switch(theme, "Drawn eyes first")
        larger = "Twice the side sees smaller lesions and takes four times as long."
        drawn = f"{_PHANTOMS} phantoms show it lesions beforehand."
        rows: tuple[tuple[str, QWidget, str], ...] = (
            ("Name", self.title, ""),
            ("Network", self.network, "Net B is the paper's better one."),
            ("Size", self.pixels, larger),
            ("Rounds", self.passes, "One round is once through all pictures that it learns from."),
            ("Sparse heatmaps", self.sparse, "Few, pointed spots (ν 0.001); takes longer."),
            ("Drawn eyes first", self.phantoms, drawn),
        )  # fmt: skip
        for row, (words, part, hint) in enumerate(rows):
            grid.addWidget(label(words), row, 0)
            grid.addWidget(part, row, 1)
            grid.addWidget(label(hint, "hint", wrap=True), row, 2)
        column.addLayout(grid)
        column.addWidget(
            label(
                "One patient in four is held out: the curve and the pictures that you watch are "
                "theirs. The best round is kept.",
                "second",
                wrap=True,
            )
        )

    def wish(self, folder: Path, referable: tuple[str, ...]) -> Wish:
        """What was chosen."""
        return Wish(
            folder,
            referable,
            self.title.text().strip() or folder.name,
            str(self.network.currentData()),
            int(self.pixels.currentData()),
            self.passes.value(),
            self.sparse.isChecked(),
            _PHANTOMS if self.phantoms.isChecked() else 0,
        )


class _DropZone(DropZone):
    """Where a folder may be dropped."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, 112)
        column = self.column
        column.addStretch()
        middle = Qt.AlignmentFlag.AlignHCenter
        column.addWidget(
            label("Drop a folder with a subfolder for each class here", "title"), 0, middle
        )
        for words in (
            "Such as normal and disease, or 0 to 4; or photographs beside a table with the columns "
            "image and dr_grade.",
            "Names such as 12_left and 12_right tell which pictures are of one patient.",
        ):
            column.addWidget(label(words, "second"), 0, middle)
        column.addStretch()


def _said(theme: Theme, icon: str, words: str, kind: str = "second") -> Said:
    made = Said(theme, icon, kind)
    made.say(words)
    return made


def _title(check: Check) -> str:
    pictures = f"{check.pictures} pictures of {check.patients} patients"
    named = Path(check.folder).name
    return f"{named}: {pictures}" + (f", graded in {check.table}" if check.table else "")


def _chooser(theme: Theme, name: str, entries: dict[str, str] | dict[int, str]) -> Chooser:
    made = Chooser(theme, name)
    for value, words in entries.items():
        made.addItem(words, value)
    made.setFixedWidth(240)
    return made
