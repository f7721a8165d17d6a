"""The fields of the reader's form: quality, stage, oedema, outcome, note, and the signature."""

from typing import Any

import msgspec
from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from engine.pictures import Laterality
from engine.records.forms import (
    FIELDS,
    NOTE_MOST,
    STAGES,
    Fault,
    Form,
    Oedema,
    Outcome,
    Quality,
)
from viewer.panels.choice import Choice, Item
from viewer.panels.parts import Button, label
from viewer.theme import tokens
from viewer.theme.theme import Theme

_NOTE_AFTER_MS = 900
"""A note is kept at a pause in the typing; a draft is on the disk within 2 seconds."""
_NOTE_HEIGHT = 58
_EYES = {Laterality.RIGHT: "OD  right eye", Laterality.LEFT: "OS  left eye"}


class FormFields(QWidget):
    """The form of one eye; every change is told at once, a note at a pause."""

    changed = Signal(object)
    """The ``Form`` as it is now."""
    sign_wanted = Signal()
    eye_chosen = Signal(object)
    """A ``Laterality``: its form is to be shown."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._form = Form()
        self._note_late = QTimer(self, singleShot=True, interval=_NOTE_AFTER_MS)
        self._note_late.timeout.connect(self.keep_note)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(tokens.GAP)
        self._eyes()
        self._fields()
        self._foot()

    def show_form(self, form: Form, *, can_sign: bool) -> None:
        """Put the fields there, without telling it back."""
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
        self._sign_row.setVisible(can_sign)

    def show_eyes(self, eyes: dict[Laterality, str], chosen: Laterality | None) -> None:
        """A tab for each of two eyes, with how far its reading is."""
        self._tabs.setVisible(len(eyes) > 1)
        for eye, tab in self.tabs.items():
            tab.setVisible(eye in eyes)
            tab.setText("   ".join(part for part in (_EYES[eye], eyes.get(eye, "")) if part))
            tab.setChecked(eye is chosen)

    def enter(self) -> None:
        """Give the keys to the first field."""
        self.quality.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def enter_missing(self) -> None:
        """Give the keys to the first field that must still be filled in."""
        form, fields = self._form, (self.quality, self.fault, self.grade, self.oedema, self.outcome)
        for words, field in zip(FIELDS, fields, strict=True):
            if words in form.missing:
                field.setFocus(Qt.FocusReason.ShortcutFocusReason)
                return

    def keep_note(self) -> None:
        """Tell the note as it is now."""
        self._note_late.stop()
        self._put(note=self.note.toPlainText()[:NOTE_MOST])

    # ---- building

    def _eyes(self) -> None:
        self._tabs = QWidget()
        row = QHBoxLayout(self._tabs)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        self.tabs: dict[Laterality, Button] = {}
        for eye in (Laterality.RIGHT, Laterality.LEFT):
            tab = Button(self._theme, _EYES[eye], small=True)
            tab.setCheckable(True)
            tab.setProperty("kind", "segment")
            tab.setAccessibleName(f"Reading of the {_EYES[eye].split('  ')[1]}")
            tab.clicked.connect(lambda _checked, eye=eye: self._choose_eye(eye))
            self.tabs[eye] = tab
            row.addWidget(tab, 1)
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
        self.oedema = Choice("Macular oedema", [Item(each, each.capitalize()) for each in Oedema])
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

    # ---- inside

    def _choose_eye(self, eye: Laterality) -> None:
        # A click on the chosen one would let go of it.
        self.tabs[eye].setChecked(True)
        self.eye_chosen.emit(eye)

    def _put(self, **fields: Any) -> None:
        form = msgspec.structs.replace(self._form, **fields)
        if form.quality is Quality.GOOD and form.fault is not None:
            form = msgspec.structs.replace(form, fault=None)
        if form != self._form:
            self._form = form
            self.changed.emit(form)
