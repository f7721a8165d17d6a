"""The reader's form in the window: filled, kept, signed and amended, for the eyes on the screen."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QApplication

from engine.answers import RetinopathyAnswer
from engine.errors import Refusal
from engine.eyes.which import WhichEye
from engine.pictures import Laterality
from engine.records import readings_table
from engine.records.forms import (
    Filled,
    Form,
    ReadingMode,
    Signed,
    SignedReading,
    worst_eye,
)
from engine.records.readings import Reading
from engine.stage_answers import StageAnswer
from viewer.drawings.store import Drawings
from viewer.notices import Notice
from viewer.panels.form import FormBlock, FormFace
from viewer.photograph.reading_words import (
    Signature,
    model_said,
    short,
    signature,
    stage_said,
    status,
    verdict,
)
from viewer.preferences import Preferences
from viewer.theme.theme import Theme
from viewer.worker import Worker


@dataclass(frozen=True)
class SeenEye:
    """One photograph on the screen: its content hash, its file's name, and which eye it is.

    ``answer`` is what the model says of it, whether that is to be seen or not; ``stage`` is what a
    stage pack says.
    """

    subject: str
    name: str
    which: WhichEye
    answer: RetinopathyAnswer | None = None
    stage: StageAnswer | None = None


class ReadingDesk(QObject):
    """``block`` is the form of the active eye; ``eyes`` are those on the screen."""

    changed = Signal()
    """Something was filled in, signed, undone or read from the records."""
    signed = Signal()
    veil_changed = Signal()
    """What the model says may be told now, or not any more."""
    said = Signal(str)
    noticed = Signal(object)
    _written = Signal(object)
    """A ``Notice`` about the table, from the worker's thread."""

    def __init__(
        self, theme: Theme, store: Drawings, preferences: Preferences, parent: QObject
    ) -> None:
        super().__init__(parent)
        self.block = FormBlock(theme)
        self._store = store
        self._preferences = preferences
        self._eyes: tuple[SeenEye, ...] = ()
        self._active = 0
        self._saved = ""
        self._signing = False
        """Whether a signature is on its way to the disk."""
        self._doubted: set[tuple[str, Form]] = set()
        """Of which eyes it was asked whether these forms are meant so."""
        self._veiled = False
        self._mode = self.mode
        self.eye_wanted: Callable[[Laterality], object] = lambda _: None
        self.block.changed.connect(self._fill)
        self.block.sign_wanted.connect(self.sign)
        self.block.unfold_wanted.connect(self.unfold)
        preferences.changed.connect(self._on_preferences)
        self.block.eye_chosen.connect(lambda eye: self.eye_wanted(eye))
        store.changed.connect(self._on_changed)
        store.saved.connect(self._on_saved)
        store.not_saved.connect(self._say_not_saved)
        self._worker = Worker("readings")
        self._written.connect(self.noticed)

    # ---- what is read

    @property
    def mode(self) -> ReadingMode:
        """Whether the model's word may be seen before signing."""
        return ReadingMode(self._preferences.settings.reading)

    def show_eyes(self, eyes: Sequence[SeenEye], active: int = 0) -> None:
        """Read these photographs, one or both eyes; the form is that of the active one."""
        eyes = tuple(eyes)
        subjects = [eye.subject for eye in eyes]
        if subjects != [eye.subject for eye in self._eyes] or active != self._active:
            # A note may still be on its way to the eye that it was written for.
            self.block.keep_note()
            self._saved = ""
        self._eyes, self._active = eyes, active
        for subject in subjects:
            self._store.show(subject)
        self._show()

    def hides_model(self, *subjects: str) -> bool:
        """Whether the model's word on these photographs must wait for a signature.

        Of two eyes that are read together neither is told before both are signed.
        """
        if self.mode is ReadingMode.ASSISTED:
            return False
        for subject in subjects:
            self._store.show(subject)
        return any(not self._store.reading(subject).signed for subject in subjects)

    def veils(self, subject: str) -> bool:
        """Whether the model's word on a photograph must wait: with those that it is read with."""
        together = [eye.subject for eye in self._eyes]
        return self.hides_model(*(together if subject in together else (subject,)))

    def signature(self, subject: str) -> Signature | None:
        """How the reader's word on a photograph stands; ``changed`` tells when it is another."""
        self._store.show(subject)
        return signature(self._store.reading(subject))

    def signed_reading(self, subject: str) -> SignedReading | None:
        """What the reader signed of a photograph, as it leaves the window: no draft."""
        reading, event = self._store.reading(subject), self._store.signature(subject)
        if not reading.signed:
            return None
        at, who = (event.time, event.who) if event else ("", "")
        last = reading.signed[-1].form
        return SignedReading(last, at, who, len(reading.signed), amended=not reading.is_signed)

    # ---- what a person does

    def sign(self) -> None:
        """Sign the form of each eye on the screen, or say what is still missing."""
        self.block.keep_note()
        fresh = [eye for eye in self._eyes if not self._reading(eye).is_signed]
        for eye in fresh:
            missing = self._reading(eye).form.missing
            if missing:
                self._say_missing(eye, missing)
                return
        doubtful = {
            (eye.subject, form): _doubt(eye, form)
            for eye in fresh
            if (form := self._reading(eye).form).against_routine
        }
        if not self._doubted.issuperset(doubtful):
            self._doubted |= set(doubtful)
            self._say_doubtful(list(doubtful.values()))
            return
        for eye in fresh:
            self._sign(eye)
        if fresh:
            self._signing = True
            self.noticed.emit(_signed_notice(fresh))
            self.signed.emit()

    def unfold(self, unfolded: bool) -> None:
        """Show all of the form, or one line; in *Reading first* it stays unfolded."""
        self._preferences.change(form=unfolded)

    def enter(self) -> None:
        """Give the keys to the form."""
        self.unfold(True)
        self.block.enter()

    def undo(self) -> None:
        """Take back what was done last for the active eye, drawings too."""
        self.block.keep_note()
        if self._eyes:
            self._store.undo(self._eyes[self._active].subject)

    def redo(self) -> None:
        """Do again what was undone."""
        if self._eyes:
            self._store.redo(self._eyes[self._active].subject)

    @property
    def can_undo(self) -> bool:
        """Whether there is something to take back; a signature is not."""
        return bool(self._eyes) and self._reading(self._eyes[self._active]).to_undo is not None

    @property
    def can_redo(self) -> bool:
        """Whether something was taken back."""
        return bool(self._eyes) and self._reading(self._eyes[self._active]).to_redo is not None

    @property
    def can_sign(self) -> bool:
        """Whether signing would say something that is not signed yet."""
        return any(not self._reading(eye).is_signed for eye in self._eyes)

    def save_table(self, to: Path) -> None:
        """Write all signed readings as a CSV file, beside the window's thread."""
        self._worker.start(lambda: self._written.emit(_written(to)))

    # ---- inside

    def _reading(self, eye: SeenEye) -> Reading:
        return self._store.reading(eye.subject)

    def _fill(self, form: Form) -> None:
        if self._eyes:
            self._store.say(self._eyes[self._active].subject, lambda act: Filled(act, form))

    def _sign(self, eye: SeenEye) -> None:
        others = [other.subject for other in self._eyes if other is not eye]
        form, seen = self._reading(eye).form, self._reading(eye).model_shown
        model = None if eye.answer is None else model_said(eye.answer, seen)
        stage = None if eye.stage is None else stage_said(eye.stage, seen)
        self._store.say(
            eye.subject,
            lambda act: Signed(
                act,
                form,
                self.mode,
                eye.name,
                eye.which.laterality,
                eye.which.source,
                next(iter(others), ""),
                model,
                stage,
                seen,
            ),
        )

    def _say_missing(self, eye: SeenEye, missing: Sequence[str]) -> None:
        whose = f" of {eye.which.laterality}" if len(self._eyes) > 1 else ""
        what = f"The reading{whose} is not signed yet."
        detail = f"Still to be said: {', '.join(missing)}."
        self.noticed.emit(Notice("sign", what, detail, "pencil"))
        if len(self._eyes) > 1 and eye.which.laterality is not None:
            self.eye_wanted(eye.which.laterality)
        if self.block.isAncestorOf(QApplication.focusWidget() or self.block):
            self.block.enter_missing()

    def _say_doubtful(self, doubts: Sequence[str]) -> None:
        detail = f"You say {'; '.join(doubts)}. Sign again if that is meant."
        self.noticed.emit(Notice("sign", "The reading is not signed yet.", detail, "pencil"))

    def _on_changed(self, subject: str) -> None:
        if subject in [eye.subject for eye in self._eyes]:
            self._show()
        # Of others the rail may tell, or hide, the letter.
        self.changed.emit()

    def _on_preferences(self) -> None:
        self._show()
        if self.mode is not self._mode:
            # Of others than those on the screen the rail may tell, or hide, the letter too.
            self._mode = self.mode
            self.changed.emit()

    def _say_not_saved(self, refusal: Refusal) -> None:
        self._saved = ""
        self._show()
        detail = f"{refusal.why} {refusal.advice}"
        self.noticed.emit(Notice("records", refusal.what, detail, "alert-circle"))

    def _on_saved(self, words: str) -> None:
        self._saved = words
        self._show()
        # Beside a signed reading a drawing is saved, and no draft of the form.
        what = "signed" if self._signing else "draft saved" if self.can_sign else "saved"
        self._signing = False
        self.said.emit(words.replace("draft saved", what))

    def _show(self) -> None:
        if not self._eyes:
            return
        veiled = self.hides_model(*(eye.subject for eye in self._eyes))
        if veiled != self._veiled:
            self._veiled = veiled
            self.veil_changed.emit()
        for eye in () if veiled else self._eyes:
            if eye.answer is not None or eye.stage is not None:
                self._store.tell_shown(eye.subject)
        active = self._eyes[self._active]
        reading = self._reading(active)
        self.block.show_form(reading.form, self._face(active, reading))

    def _face(self, active: SeenEye, reading: Reading) -> FormFace:
        forms = {
            eye.which.laterality: self._reading(eye).form
            for eye in self._eyes
            if eye.which.laterality is not None
        }
        hidden = self.hides_model(*(eye.subject for eye in self._eyes))
        worst = worst_eye(forms) if len(forms) > 1 else None
        both = len(forms) > 1
        event = self._store.signature(active.subject)
        return FormFace(
            status=status(reading, self._saved, event.time if event else ""),
            eyes=tuple((side, short(form)) for side, form in forms.items()) if both else (),
            chosen=active.which.laterality,
            hidden=hidden,
            verdict="" if hidden else verdict(reading, active.answer, active.stage),
            worst=worst.words if worst is not None else "",
            can_sign=self.can_sign,
            unfolded=self._preferences.settings.form or self.mode is ReadingMode.FIRST,
            can_fold=self.mode is ReadingMode.ASSISTED,
        )


def _doubt(eye: SeenEye, form: Form) -> str:
    whose = f"{eye.which.laterality}: " if eye.which.laterality is not None else ""
    return f"{whose}{form.against_routine}, and {form.outcome}"


def _written(to: Path) -> Notice:
    """Write the table, and say how that went."""
    try:
        count = readings_table.write(to)
    except Refusal as refusal:
        return Notice("readings", refusal.what, f"{refusal.why} {refusal.advice}", "alert-circle")
    except OSError as fault:
        why = f"{fault.strerror or type(fault).__name__}. Choose another folder."
        return Notice("readings", f"{to.name} was not written.", why, "alert-circle")
    rows = "1 signed reading" if count == 1 else f"{count} signed readings"
    return Notice("readings", f"Saved {rows} as {to.name}.", str(to.parent), "check", passing=True)


def _signed_notice(eyes: Sequence[SeenEye]) -> Notice:
    what = "The reading was signed." if len(eyes) == 1 else "Both readings were signed."
    detail = "It can be amended and signed anew; what was signed stays in the record."
    return Notice("sign", what, detail, "check", passing=True)
