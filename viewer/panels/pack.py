"""Which pack answers: the chooser, its card, and the door for another one."""

from pathlib import Path

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QStandardItemModel
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QVBoxLayout, QWidget

from engine.answers import PackSummary
from engine.telling import words
from viewer.panels.chooser import Chooser
from viewer.panels.parts import Block, Button, Line, label
from viewer.theme import tokens
from viewer.theme.theme import Theme


class PackBlock(Block):
    """The pack in force, by title, name and version."""

    chosen = Signal(object)
    card_wanted = Signal()
    stages_chosen = Signal(object)
    """The pack that tells stages from now on; None for no stage."""
    stages_card_wanted = Signal()
    import_wanted = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, "Pack")
        self._packs: tuple[PackSummary, ...] = ()
        row = QHBoxLayout()
        lines = QVBoxLayout()
        lines.setSpacing(1)
        self._title = label("", "title", wrap=True)
        self._detail = Line("hint")
        lines.addWidget(self._title)
        lines.addWidget(self._detail)
        row.addLayout(lines, 1)
        self._info = QToolButton()
        self._info.setProperty("kind", "icon")
        self._info.setIconSize(QSize(tokens.ICON, tokens.ICON))
        self._info.setToolTip("What this pack was made of, and its limits")
        self._info.setAccessibleName("The pack's card")
        self._info.clicked.connect(self.card_wanted)
        row.addWidget(self._info)
        self.body.addLayout(row)
        row = QHBoxLayout()
        self.chooser = Chooser(theme, "Pack")
        self.chooser.activated.connect(self._choose)
        row.addWidget(self.chooser, 1)
        self._add = Button(theme, "Add pack…", "package-import", small=True)
        self._add.clicked.connect(self.import_wanted)
        row.addWidget(self._add)
        self.body.addLayout(row)
        self._stages = QWidget()
        row = QHBoxLayout(self._stages)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(label("Stages", "second"))
        self.stage_chooser = Chooser(theme, "Pack for stages")
        self.stage_chooser.activated.connect(self._choose_stages)
        row.addWidget(self.stage_chooser, 1)
        self._stages_info = QToolButton()
        self._stages_info.setProperty("kind", "icon")
        self._stages_info.setIconSize(QSize(tokens.ICON, tokens.ICON))
        self._stages_info.setToolTip("What the pack for stages was made of, and its limits")
        self._stages_info.setAccessibleName("The card of the pack for stages")
        self._stages_info.clicked.connect(self.stages_card_wanted)
        row.addWidget(self._stages_info)
        self.body.addWidget(self._stages)
        self._stage_packs: tuple[PackSummary, ...] = ()
        self.show_stage_packs((), None)
        theme.changed.connect(self._draw_icon)
        self._draw_icon()

    def show_packs(
        self, packs: tuple[PackSummary, ...], pack: PackSummary | None, *, known: bool = True
    ) -> None:
        """List the packs and mark the one in force; ``known`` is False until they were told."""
        self._packs = packs
        _fill(self.chooser, packs)
        self.chooser.setVisible(bool(packs))
        self._info.setVisible(pack is not None)
        if pack is None:
            self._title.setText("No pack" if known else "Pack")
            self._title.setToolTip("")
            said = "A pack is a trained model." if known else "The engine is starting."
            self._detail.show_words(said)
            return
        self.chooser.setCurrentIndex([entry.path for entry in packs].index(pack.path))
        self.chooser.setToolTip(self.chooser.currentText())
        self._title.setText(pack.title)
        self._title.setToolTip(pack.title)
        where = "comes with LesionLens" if pack.shipped else "added by you"
        self._detail.show_words(f"Version {pack.version}, {where}")

    def show_stage_packs(self, packs: tuple[PackSummary, ...], pack: PackSummary | None) -> None:
        """List the packs that tell stages, where there are any, and mark the one in force."""
        self._stage_packs = packs
        _fill(self.stage_chooser, packs)
        self.stage_chooser.addItem("No stage")
        paths = [entry.path for entry in packs]
        self.stage_chooser.setCurrentIndex(len(packs) if pack is None else paths.index(pack.path))
        self.stage_chooser.setToolTip(self.stage_chooser.currentText())
        self._stages.setVisible(bool(packs))
        self._stages_info.setVisible(pack is not None)

    def _choose_stages(self, number: int) -> None:
        packs = self._stage_packs
        self.stages_chosen.emit(packs[number] if number < len(packs) else None)

    def _choose(self, number: int) -> None:
        self.chosen.emit(self._packs[number])

    def _draw_icon(self) -> None:
        for button in (self._info, self._stages_info):
            button.setIcon(self._theme.icon("info-circle"))


def _fill(chooser: Chooser, packs: tuple[PackSummary, ...]) -> None:
    """One entry a pack; those that cannot be used are greyed and say why."""
    chooser.clear()
    for number, entry in enumerate(packs):
        whose = words.whose(entry, packs)
        fault = "cannot be used" if entry.fault else ""
        chooser.addItem(", ".join(filter(None, (f"{entry.name} {entry.version}", whose, fault))))
        chooser.setItemData(number, entry.fault or entry.title, Qt.ItemDataRole.ToolTipRole)
        model = chooser.model()
        if entry.fault and isinstance(model, QStandardItemModel):
            model.item(number).setEnabled(False)


def card_of(pack: PackSummary) -> str:
    """The pack's card as Markdown; what is known of the pack if it has none."""
    try:
        return (Path(pack.path) / "card.md").read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return f"# {pack.title}\n\n{pack.name} {pack.version}\n\nThis pack has no card."
