"""The block "Regions the model looked at": the list, where it begins, the reader's word."""

from collections.abc import Mapping

from PySide6.QtCore import QEvent, QModelIndex, Qt, Signal
from PySide6.QtGui import QImage, QKeyEvent, QWheelEvent
from PySide6.QtWidgets import QCompleter, QHBoxLayout, QLineEdit, QListView

from engine.records.regions import TAG_MOST, Verdict
from engine.telling import region_words
from viewer.panels.parts import Block, Button, label
from viewer.panels.region_rows import ROW, RegionRow, RegionRows
from viewer.panels.slider import ValueSlider
from viewer.panels.switch import Switch
from viewer.regions.shown import LEAST_THRESHOLD, MOST_THRESHOLD, Listed, RegionList
from viewer.theme.theme import Theme

USUAL_TAGS = (
    "Microaneurysm",
    "Haemorrhage",
    "Hard exudates",
    "Soft exudate",
    "IRMA",
    "Venous beading",
    "New vessels",
    "Drusen",
    "Laser scar",
    "Artefact",
)
"""Names that are offered while a reader types; any other may be typed."""

_MOST_ROWS = 7
_DRAWN_FIRST = "Regions with most evidence come first: how sure, over how many pixels."
STALE = "The list is from before the last change."


class RegionsBlock(Block):
    """Shows a ``RegionList``, and tells what a hand wants of it."""

    threshold_changed = Signal(float)
    clicked = Signal(int)
    """A row's number, by a click or an arrow key."""
    double_clicked = Signal(int)
    hovered = Signal(int)
    """The number of the row that the pointer rests on, 0 where it left them."""
    all_wanted = Signal()
    """All regions on the picture, or the strongest again."""
    accepted = Signal()
    rejected = Signal()
    tagged = Signal(str, object, str)
    """A name, the ``Listed`` that it was typed for, and that one's photograph."""
    marks_switched = Signal(bool)

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, "Regions the model looked at")
        head = QHBoxLayout()
        head.addWidget(label("Regions the model looked at", "title"))
        head.addStretch()
        self._count = label("", "second")
        head.addWidget(self._count)
        for key in ("N", "B"):
            head.addWidget(label(key, "key"), 0, Qt.AlignmentFlag.AlignVCenter)
        self.body.addLayout(head)
        self._kinds = label("", "body", wrap=True)
        self.body.addWidget(self._kinds)
        self._add_threshold(theme)
        self._add_list(theme)
        self._add_drawn(theme)
        self._add_reader(theme)
        self._left_out = label("", "hint", wrap=True)
        self.body.addWidget(self._left_out)
        foot = QHBoxLayout()
        self._whose = label("", "hint", wrap=True)
        foot.addWidget(self._whose, 1)
        self.marks = Switch(theme, "Show disc and fovea")
        self.marks.toggled.connect(self.marks_switched)
        foot.addWidget(self.marks, 0, Qt.AlignmentFlag.AlignTop)
        self.body.addLayout(foot)

    def _add_threshold(self, theme: Theme) -> None:
        row = QHBoxLayout()
        self.threshold = ValueSlider(theme, "Regions begin at", 100, 25, _hundredths)
        self.threshold.setRange(round(100 * LEAST_THRESHOLD), round(100 * MOST_THRESHOLD))
        self.threshold.valueChanged.connect(self._on_threshold)
        self._value = label("", "strong")
        self._value.setMinimumWidth(40)
        self._value.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        words = label("Begin at", "second")
        words.setBuddy(self.threshold)
        row.addWidget(words)
        row.addWidget(self.threshold, 1)
        row.addWidget(self._value)
        self.body.addLayout(row)

    def _add_list(self, theme: Theme) -> None:
        self.model = RegionRows(self)
        self.list = _Rows()
        self.list.setModel(self.model)
        self.list.setItemDelegate(RegionRow(theme, self.list))
        self.list.clicked.connect(lambda index: self.clicked.emit(index.row() + 1))
        self.list.moved.connect(self.clicked)
        self.list.doubleClicked.connect(lambda index: self.double_clicked.emit(index.row() + 1))
        self.list.pointed.connect(self.hovered)
        theme.changed.connect(self.list.viewport().update)
        self._shares = label("Share of all evidence", "hint")
        self.body.addWidget(self._shares, 0, Qt.AlignmentFlag.AlignRight)
        self.body.addWidget(self.list)

    def _add_drawn(self, theme: Theme) -> None:
        row = QHBoxLayout()
        self._drawn = label("", "hint", wrap=True)
        row.addWidget(self._drawn, 1)
        self.all = Button(theme, "Show all", kind="plain", small=True)
        self.all.clicked.connect(self.all_wanted)
        row.addWidget(self.all)
        self.body.addLayout(row)

    def _add_reader(self, theme: Theme) -> None:
        row = QHBoxLayout()
        row.setSpacing(6)
        self.accept = Button(theme, "Accept", "check", small=True)
        self.accept.setToolTip("Copies the outline as a drawing of yours (A)")
        self.accept.clicked.connect(self.accepted)
        self.reject = Button(theme, "Reject", "x", small=True)
        self.reject.setToolTip("Says that it is no finding, and again: takes that back (X)")
        self.reject.clicked.connect(self.rejected)
        self.tag = QLineEdit()
        self.tag.setMaxLength(TAG_MOST)
        self.tag.setPlaceholderText("Your name for it")
        self.tag.setAccessibleName("Your name for the region")
        names = QCompleter(list(USUAL_TAGS), self.tag)
        names.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        names.setFilterMode(Qt.MatchFlag.MatchContains)
        names.activated.connect(self._take_name)
        self.tag.setCompleter(names)
        self.tag.editingFinished.connect(self.keep_name)
        self._named: tuple[str, Listed] | None = None
        row.addWidget(self.accept)
        row.addWidget(self.reject)
        row.addWidget(self.tag, 1)
        self.body.addLayout(row)

    # ---- what is shown

    def show_list(self, regions: RegionList, *, marks_shown: bool) -> None:
        """Other regions, other places, another word of the reader's, or none."""
        rows = regions.rows
        self.model.show_rows(rows, regions.marks.eye, stale=regions.is_stale)
        self._count.setText(_count(regions))
        counts = region_words.counts_words(regions.found.kinds if regions.found else ())
        self._kinds.setText(f"{counts[:1].upper()}{counts[1:]}")
        self._kinds.setVisible(bool(counts))
        drawn = bool(counts)
        self._shares.setText("How sure of a lesion" if drawn else "Share of all evidence")
        self._shares.setToolTip(_DRAWN_FIRST if drawn else "")
        self._shares.setVisible(bool(rows))
        self.list.setVisible(bool(rows))
        self.list.setFixedHeight(min(max(len(rows), 1), _MOST_ROWS) * ROW + 2)
        self._show_threshold(regions)
        self._left_out.setText(_note(regions))
        marks = regions.marks
        self._whose.setText(_whose(regions))
        self.marks.setVisible(marks.landmarks.disc is not None or marks.landmarks.fovea is not None)
        blocked = self.marks.blockSignals(True)
        self.marks.setChecked(marks_shown)
        self.marks.blockSignals(blocked)
        self.marks.update()
        self.show_chosen(regions)

    def show_drawn(self, words: str, *, everything: bool) -> None:
        """How many are drawn on the picture, and whether all are wanted there."""
        self._drawn.setText(words)
        self._drawn.setVisible(bool(words))
        self.all.setText("Fewer" if everything else "Show all")
        name = "Draw the strongest regions alone" if everything else "Draw all regions"
        self.all.setAccessibleName(name)
        self.all.setVisible(bool(words))

    def show_chosen(self, regions: RegionList) -> None:
        """Another region is chosen."""
        row = regions.chosen
        if row is None:
            self.list.setCurrentIndex(QModelIndex())
            self.list.clearSelection()
        else:
            index = self.model.index(row.number - 1)
            self.list.setCurrentIndex(index)
            self.list.scrollTo(index)
        may = row is not None and not regions.is_stale
        for control in (self.accept, self.reject, self.tag):
            control.setVisible(bool(regions.rows))
            control.setEnabled(may)
        self.accept.setEnabled(may and row is not None and row.verdict is not Verdict.ACCEPTED)
        named = None if row is None else (regions.subject, row)
        before, self._named = self._named, named
        if _is_same(before, named):
            if row is not None and not self.tag.isModified():
                self.tag.setText(row.tag)
            return
        typed, words = self.tag.isModified(), self.tag.text().strip()
        self.tag.setText("" if row is None else row.tag)
        if typed and before is not None:
            # The field is another region's now: what was typed belongs to the one before.
            self.tagged.emit(words, before[1], before[0])

    def keep_name(self) -> None:
        """What was typed is the region's name, if it is not kept yet."""
        if self.tag.isModified():
            self._take_name(self.tag.text())

    def _take_name(self, words: str) -> None:
        self.tag.setModified(False)
        if self._named is not None:
            subject, row = self._named
            self.tagged.emit(words.strip(), row, subject)

    def show_pictures(self, pictures: Mapping[int, QImage]) -> None:
        """Small pictures, by the rows' numbers."""
        self.model.show_pictures(pictures)

    def _show_threshold(self, regions: RegionList) -> None:
        usual = round(100 * regions.pack_threshold)
        self.threshold.set_usual(usual)
        self.threshold.set_tick(usual, f"The tick is the pack's own: {_hundredths(usual)}")
        value = round(100 * regions.threshold)
        blocked = self.threshold.blockSignals(True)
        self.threshold.setValue(value)
        self.threshold.blockSignals(blocked)
        self.threshold.update()
        self._value.setText(_hundredths(value))

    def _on_threshold(self, value: int) -> None:
        self._value.setText(_hundredths(value))
        self.threshold_changed.emit(value / 100)


class _Rows(QListView):
    """The list; arrows go from row to row and tell so, and a click leaves the keys to it."""

    moved = Signal(int)
    pointed = Signal(int)
    """The number of the row that the pointer came to; 0 once it is on none."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("kind", "list")
        self.entered.connect(self._on_entered)
        self.viewportEntered.connect(lambda: self.pointed.emit(0))
        self.setAccessibleName("Regions the model looked at")
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMouseTracking(True)
        self.setUniformItemSizes(True)
        self.setEditTriggers(QListView.EditTrigger.NoEditTriggers)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows, Home and End choose."""
        before = self.currentIndex().row()
        super().keyPressEvent(event)
        now = self.currentIndex().row()
        if now >= 0 and now != before:
            self.moved.emit(now + 1)

    def event(self, event: QEvent) -> bool:
        """Up and down are the list's while it has the focus, whatever they mean elsewhere."""
        if event.type() in (QEvent.Type.Leave, QEvent.Type.Hide):
            self.pointed.emit(0)
        if event.type() is QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            keys = (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Home, Qt.Key.Key_End)
            if event.key() in keys:
                event.accept()
                return True
        return super().event(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Where the list cannot go on, the panel goes, and the list goes from the pointer."""
        super().wheelEvent(event)
        if not event.isAccepted():
            self.pointed.emit(0)

    def _on_entered(self, index: QModelIndex) -> None:
        # A wheel brings rows to a pointer that Qt has not told the list of, nor will tell when
        # it goes away.
        if self.viewport().underMouse():
            self.pointed.emit(index.row() + 1)


def _is_same(one: tuple[str, Listed] | None, other: tuple[str, Listed] | None) -> bool:
    if one is None or other is None:
        return one is other
    return (one[0], one[1].seen) == (other[0], other[1].seen)


def _count(regions: RegionList) -> str:
    """How many are listed, and of how many where the weakest are not."""
    if regions.found is None:
        return ""
    listed, rest = len(regions.rows), regions.found.rest
    return f"{listed} of {listed + rest}" if rest else str(listed)


def _note(regions: RegionList) -> str:
    """What stands below the list: why there is none, what it leaves out."""
    if regions.fault:
        return regions.fault
    if regions.found is None:
        return ""
    found = regions.found
    if not (regions.rows or regions.is_stale or found.specks or found.rest):
        # With a share, "over 99 % left out" would alarm beside a healthy eye.
        return f"No region: nothing reaches {found.threshold:.2f}."
    left_out = region_words.left_out_words(
        found.threshold,
        sum(region.share for region in found.regions),
        (found.specks, found.specks_share),
        (found.rest, found.rest_share),
        shares=not found.kinds,
    )
    if regions.is_stale:
        return f"{STALE} {left_out}"
    return left_out if regions.rows else f"No region. {left_out}"


def _whose(regions: RegionList) -> str:
    marks = regions.marks
    if not marks.is_known:
        return "Looking for disc and fovea."
    yours = marks.placed
    words = region_words.landmark_words(
        marks.landmarks,
        disc_is_yours=yours.disc is not None,
        fovea_is_yours=yours.fovea is not None,
    )
    if marks.landmarks.disc is None:
        return f"{words} A right click places them."
    return f"{words} DD: disc diameters."


def _hundredths(value: int) -> str:
    return f"{value / 100:.2f}"
