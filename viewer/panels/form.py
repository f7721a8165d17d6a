"""The reader's block: the form, folded to one line until it is wanted, and how it stands."""

from dataclasses import dataclass

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QMoveEvent, QResizeEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout

from engine.pictures import Laterality
from engine.records.forms import STAGES, Form, Oedema
from viewer.panels.form_fields import FormFields
from viewer.panels.parts import Block, Button, label
from viewer.panels.sight import bring_into_sight
from viewer.theme import icons
from viewer.theme.theme import Theme

_HIDDEN = (
    "The model's word is hidden until you sign. It cannot change what you signed; a second look "
    "is kept beside it."
)


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
    can_fold: bool = True


class FormBlock(Block):
    """Its fields are made when they are first wanted: most starts do not need them."""

    changed = Signal(object)
    """The ``Form`` as it is now."""
    sign_wanted = Signal()
    eye_chosen = Signal(object)
    """A ``Laterality``: its form is to be shown."""
    unfold_wanted = Signal(bool)

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, "Your reading", by_reader=True)
        self._form, self._face = Form(), FormFace(unfolded=False)
        self._fields: FormFields | None = None
        # Only once the panel is laid out does it know how far it can be scrolled.
        self._sight = QTimer(self, singleShot=True, interval=0)
        self._sight.timeout.connect(self._come_into_sight)
        self._head()
        theme.changed.connect(self._redraw_icons)
        self._redraw_icons()
        self.show_form(self._form, self._face)

    @property
    def fields(self) -> FormFields:
        """The fields, made now if they were not."""
        if self._fields is None:
            self._fields = fields = FormFields(self._theme)
            fields.changed.connect(self._take)
            fields.sign_wanted.connect(self.sign_wanted)
            fields.eye_chosen.connect(self.eye_chosen)
            self.body.addWidget(fields)
            self.show_form(self._form, self._face)
        return self._fields

    def show_form(self, form: Form, face: FormFace) -> None:
        """Put the fields and what stands around them there, without telling it back."""
        self._form, self._face = form, face
        self._status.setText(face.status)
        self._fold.setVisible(face.can_fold)
        self._fold.setText("Fold" if face.unfolded else "Read")
        self._fold.setAccessibleName("Fold the form" if face.unfolded else "Read this photograph")
        summary = "" if face.unfolded else summary_of(form)
        self._summary.setText(summary)
        self._summary.setVisible(bool(summary))
        self._hidden.setVisible(face.hidden)
        self.verdict.setText(face.verdict)
        self.verdict.setVisible(bool(face.verdict))
        self.worst.setText(f"Worst eye, by you: {face.worst}" if face.worst else "")
        self.worst.setVisible(bool(face.worst))
        if face.unfolded or self._fields is not None:
            self.fields.setVisible(face.unfolded)
            self.fields.show_form(form, can_sign=face.can_sign)
            self.fields.show_eyes(dict(face.eyes), face.chosen)

    def keep_note(self) -> None:
        """Tell the note as it is now."""
        if self._fields is not None:
            self._fields.keep_note()

    def enter(self) -> None:
        """Give the keys to the first field, and bring it into sight."""
        self.fields.enter()
        self._sight.start()

    def enter_missing(self) -> None:
        """Give the keys to the first field that must still be filled in."""
        self.fields.enter_missing()
        self._sight.start()

    def moveEvent(self, event: QMoveEvent) -> None:
        """What stands above has another height: the field with the keys stays in sight."""
        super().moveEvent(event)
        self._sight.start()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """There are more fields, or fewer."""
        super().resizeEvent(event)
        self._sight.start()

    # ---- inside

    def _come_into_sight(self) -> None:
        field = QApplication.focusWidget()
        if field is not None and self.isAncestorOf(field):
            bring_into_sight(self, field)

    def _head(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(6)
        self._sign = label("")
        # In a narrow panel it stands on two lines; wider than it, the panel's right edge was cut.
        self._status = label("", "hint", wrap=True)
        self._status.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self._sign)
        row.addWidget(label("READER (YOU)", "reader-label"))
        row.addWidget(self._status, 1)
        self._fold = Button(self._theme, "Read", small=True)
        self._fold.setToolTip("Key F6")
        self._fold.clicked.connect(lambda: self.unfold_wanted.emit(not self._face.unfolded))
        row.addWidget(self._fold)
        self.body.addLayout(row)
        self._summary = label("", "reader-word", wrap=True)
        self._hidden = label(_HIDDEN, "second", wrap=True)
        self.verdict = label("", "strong", wrap=True)
        self.worst = label("", "reader-word", wrap=True)
        for words in (self._summary, self._hidden, self.verdict, self.worst):
            self.body.addWidget(words)

    def _take(self, form: Form) -> None:
        self._form = form
        self.changed.emit(form)

    def _redraw_icons(self) -> None:
        ratio = self.devicePixelRatioF()
        self._sign.setPixmap(icons.pixmap("pencil", self._theme.tokens.reader, 16, ratio))


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
