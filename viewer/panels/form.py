"""The reader's form: picture quality, stage, oedema, outcome and note, and the signature."""

from dataclasses import dataclass
from typing import Any

import msgspec
from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from engine.pictures import Laterality
from engine.records.forms import FIELDS, NOTE_MOST, STAGES, Fault, Form, Oedema, Outcome, Quality
from viewer.panels.choice import Choice, Item
from viewer.panels.parts import Block, Button, label
from viewer.theme import icons, tokens
from viewer.theme.theme import Theme

_NOTE_AFTER_MS = 900
"""A note is kept at a pause in the typing; a draft is on the disk within 2 seconds."""
_NOTE_HEIGHT = 58
_EYES = {Laterality.RIGHT: "OD  right eye", Laterality.LEFT: "OS  left eye"}


@dataclass(frozen=True)
class FormFace:
    """What stands around the fields.

    ``status`` is at the top right ("Not signed"), ``eyes`` says for each eye that can be chosen
    how far its reading is, ``chosen`` is the eye of the form. ``hidden`` is whether the model's
    word waits for the signature. ``verdict`` compares both words once it is signed. ``worst`` is
    the patient's worst eye. ``can_sign`` is whether signing would say something new. Folded, what
    was said stands in one line.
    """

    status: str = "Not signed"
    eyes: tuple[tuple[Laterality, str], ...] = ()
    chosen: Laterality | None = None
    hidden: bool = False
    verdict: str = ""
    worst: str = ""
    can_sign: bool = True
    unfolded: bool = True


class FormBlock(Block):
    """The form of one eye; every change is told at once, a note at a pause."""

    changed = Signal(object)
    """The ``Form`` as it is now."""
    sign_wanted = Signal()
    unfold_wanted = Signal(bool)
    eye_chosen = Signal(object)
    """A ``Laterality``: its form is to be shown."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, "Your reading", by_reader=True)
        self._form = Form()
        self._unfolded: bool = True
        self._note_late = QTimer(self, singleShot=True, interval=_NOTE_AFTER_MS)
        self._note_late.timeout.connect(self.keep_note)
        self._head()
        self._fields()
        self._foot()
        theme.changed.connect(self._redraw_icons)
        self._redraw_icons()
        self.show_form(Form(), FormFace())

    @property
    def first_field(self) -> QWidget:
        """Where the keys go when the form is entered."""
        return self.quality

    def enter_missing(self) -> None:
        """Give the keys to the first field that must still be filled in."""
        form, fields = self._form, (self.quality, self.fault, self.grade, self.oedema, self.outcome)
        for words, field in zip(FIELDS, fields, strict=True):
            if words in form.missing:
                field.setFocus(Qt.FocusReason.ShortcutFocusReason)
                return

    def show_form(self, form: Form, face: FormFace) -> None:
        """Put the fields and what stands around them there, without telling it back."""
        self._form = form
        self.quality.show_value(form.quality)
        self.fault.show_value(form.fault)
        self.grade.show_value(form.grade)
        self.oedema.show_value(form.oedema)
        self.outcome.show_value(form.outcome)
        if not self._note_late.isActive() and self.note.toPlainText() != form.note:
            blocked = self.note.blockSignals(True)
            self.note.setPlainText(form.note)
            self.note.blockSignals(blocked)
        self.fault.setVisible(form.quality in (Quality.USABLE, Quality.UNGRADABLE))
        for graded in (self.grade, self._ends, self.oedema):
            graded.setVisible(not form.is_ungradable)
        self._status.setText(face.status)
        self._fold.setText("Fold" if face.unfolded else "Read")
        self._fold.setAccessibleName("Fold the form" if face.unfolded else "Read this photograph")
        self._unfolded = face.unfolded
        self._inside.setVisible(face.unfolded)
        summary = "" if face.unfolded else summary_of(form)
        self._summary.setText(summary)
        self._summary.setVisible(bool(summary))
        self._hidden.setVisible(face.hidden)
        self._verdict.setText(face.verdict)
        self._verdict.setVisible(bool(face.verdict))
        self._worst.setText(f"Worst eye, by you: {face.worst}" if face.worst else "")
        self._worst.setVisible(bool(face.worst))
        self._sign_row.setVisible(face.can_sign)
        self._tabs.setVisible(len(face.eyes) > 1)
        said = dict(face.eyes)
        for eye, tab in self._eye_tabs.items():
            tab.setVisible(eye in said)
            tab.setText("   ".join(part for part in (_EYES[eye], said.get(eye, "")) if part))
            tab.setChecked(eye is face.chosen)

    def keep_note(self) -> None:
        """Tell the note as it is now."""
        self._note_late.stop()
        self._put(note=self.note.toPlainText()[:NOTE_MOST])

    # ---- building

    def _head(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(6)
        self._sign = label("")
        self._status = label("", "hint")
        row.addWidget(self._sign)
        row.addWidget(label("READER (YOU)", "reader-label"))
        row.addStretch()
        row.addWidget(self._status)
        self._fold = Button(self._theme, "Fold", small=True)
        self._fold.setToolTip("Key F6")
        self._fold.clicked.connect(lambda: self.unfold_wanted.emit(not self._unfolded))
        row.addWidget(self._fold)
        self.body.addLayout(row)
        self._summary = label("", "reader-word", wrap=True)
        self.body.addWidget(self._summary)
        self._inside = QWidget()
        self._column = QVBoxLayout(self._inside)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(tokens.GAP)
        self._hidden = label(
            "The model's word is hidden until you sign. It cannot change what you signed; a second "
            "look is kept beside it.", "second", wrap=True,
        )  # fmt: skip
        self.body.addWidget(self._hidden)
        self._verdict = label("", "strong", wrap=True)
        self._worst = label("", "reader-word", wrap=True)
        self.body.addWidget(self._verdict)
        self.body.addWidget(self._worst)
        self.body.addWidget(self._inside)
        self._tabs = QWidget()
        tabs = QHBoxLayout(self._tabs)
        tabs.setContentsMargins(0, 0, 0, 0)
        tabs.setSpacing(6)
        self._eye_tabs: dict[Laterality, Button] = {}
        for eye in (Laterality.RIGHT, Laterality.LEFT):
            tab = Button(self._theme, _EYES[eye], small=True)
            tab.setCheckable(True)
            tab.setProperty("kind", "segment")
            tab.setAccessibleName(f"Reading of the {_EYES[eye].split('  ')[1]}")
            tab.clicked.connect(lambda _checked, eye=eye: self.eye_chosen.emit(eye))
            self._eye_tabs[eye] = tab
            tabs.addWidget(tab, 1)
        self._column.addWidget(self._tabs)

    def _fields(self) -> None:
        self.quality = Choice(
            "Picture quality", [Item(each, each.capitalize()) for each in Quality]
        )
        self.fault = Choice(
            "What is wrong with it",
            [
                Item(Fault.BLUR, "Out of focus"),
                Item(Fault.LIGHT, "Light", "Too dark or too bright"),
                Item(Fault.FIELD, "Field", "Wrong field"),
                Item(Fault.SHADOW, "Shadow", "Lashes, lid or reflection"),
                Item(Fault.MEDIA, "Media", "Cloudy media"),
                Item(Fault.OTHER, "Other"),
            ],
            columns=3,
        )
        self.grade = Choice(
            "Retinopathy stage",
            [Item(stage, str(stage), f"{stage}, {STAGES[stage]}") for stage in range(len(STAGES))],
            first=0,
        )
        self._ends = QWidget()
        ends = QHBoxLayout(self._ends)
        ends.setContentsMargins(0, 0, 0, 0)
        ends.addWidget(label("none", "hint"))
        ends.addStretch()
        ends.addWidget(label("proliferative", "hint"))
        self.oedema = Choice(
            "Macular oedema", [Item(each, each.capitalize()) for each in Oedema], first=0
        )
        self.outcome = Choice(
            "Outcome", [Item(each, each.capitalize()) for each in Outcome], columns=3
        )
        self.note = QPlainTextEdit()
        self.note.setAccessibleName("Note")
        self.note.setTabChangesFocus(True)
        self.note.setFixedHeight(_NOTE_HEIGHT)
        self.note.textChanged.connect(self._note_late.start)
        note = QVBoxLayout()
        note.setSpacing(4)
        note.addWidget(label("Note", "strong"))
        note.addWidget(self.note)
        for field in (self.quality, self.fault, self.grade, self._ends, self.oedema, self.outcome):
            self._column.addWidget(field)
        self._column.addLayout(note)
        self.quality.chosen.connect(lambda value: self._put(quality=value))
        self.fault.chosen.connect(lambda value: self._put(fault=value))
        self.grade.chosen.connect(lambda value: self._put(grade=value))
        self.oedema.chosen.connect(lambda value: self._put(oedema=value))
        self.outcome.chosen.connect(lambda value: self._put(outcome=value))

    def _foot(self) -> None:
        self._sign_row = QWidget()
        row = QHBoxLayout(self._sign_row)
        row.setContentsMargins(0, 0, 0, 0)
        row.addStretch()
        row.addWidget(label("Ctrl+Enter", "key"))
        self.sign = Button(self._theme, "Sign reading", "check", small=True)
        self.sign.clicked.connect(self.sign_wanted)
        row.addWidget(self.sign)
        self._column.addWidget(self._sign_row)

    def _redraw_icons(self) -> None:
        ratio = self.devicePixelRatioF()
        self._sign.setPixmap(icons.pixmap("pencil", self._theme.tokens.reader, 16, ratio))

    # ---- inside

    def _put(self, **fields: Any) -> None:
        form = msgspec.structs.replace(self._form, **fields)
        if form.quality is Quality.GOOD and form.fault is not None:
            form = msgspec.structs.replace(form, fault=None)
        if form != self._form:
            self._form = form
            self.changed.emit(form)


def summary_of(form: Form) -> str:
    """What was said, in one line; empty if nothing was."""
    parts = []
    if form.is_ungradable:
        parts.append("Ungradable")
    elif form.grade is not None:
        parts.append(f"Stage {form.grade}, {STAGES[form.grade]}")
    if form.oedema is Oedema.YES and not form.is_ungradable:
        parts.append("macular oedema")
    if form.outcome is not None:
        parts.append(str(form.outcome))
    return "; ".join(parts)
