"""The reader's form for one photograph of an eye, its words, and the acts that fill and sign it.

Digits are those that a reader types. What is signed stays: a later signature is another event.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated

from msgspec import Meta, Struct

from engine.answers import Interval
from engine.pictures import Laterality

NOTE_MOST = 2000
"""How many letters a note may have."""


class Quality(StrEnum):
    """Whether the photograph can be graded."""

    GOOD = "good"
    USABLE = "usable"
    UNGRADABLE = "ungradable"


class Fault(StrEnum):
    """What is wrong with a photograph that is not good."""

    BLUR = "out of focus"
    LIGHT = "too dark or too bright"
    FIELD = "wrong field"
    SHADOW = "lashes, lid or reflection"
    MEDIA = "cloudy media"
    OTHER = "other"


class Oedema(StrEnum):
    """Signs of diabetic macular oedema."""

    NO = "no"
    YES = "yes"
    CANNOT_TELL = "cannot tell"


class Outcome(StrEnum):
    """What is to be done next."""

    ROUTINE = "routine recall"
    EARLY = "early recall"
    REFER = "refer"
    URGENT = "refer urgently"
    RETAKE = "retake"


class ReadingMode(StrEnum):
    """Whether the model's word was to be seen before the reader had signed."""

    ASSISTED = "assisted"
    FIRST = "reading first"


STAGES = ("none", "mild", "moderate", "severe", "proliferative")
"""The international stages of diabetic retinopathy, 0 to 4."""


FIELDS = (
    "picture quality",
    "what is wrong with the picture",
    "retinopathy stage",
    "macular oedema",
    "outcome",
)
"""What may have to be said, in the order and in the words of the form."""


class Form(Struct, frozen=True):
    """What a reader says of one photograph; None and empty is not said yet.

    ``grade`` is the stage of diabetic retinopathy, 0 to 4. ``fault`` belongs to a photograph that
    is not good.
    """

    quality: Quality | None = None
    fault: Fault | None = None
    grade: Annotated[int, Meta(ge=0, le=4)] | None = None
    oedema: Oedema | None = None
    outcome: Outcome | None = None
    note: Annotated[str, Meta(max_length=NOTE_MOST)] = ""

    @property
    def is_ungradable(self) -> bool:
        """Whether grade and oedema are not asked for."""
        return self.quality is Quality.UNGRADABLE

    @property
    def missing(self) -> tuple[str, ...]:
        """What is still to be said before it can be signed, in the words of the form."""
        graded = not self.is_ungradable
        asked = (
            self.quality is None,
            self.is_ungradable and self.fault is None,
            graded and self.grade is None,
            graded and self.oedema is None,
            self.outcome is None,
        )
        return tuple(words for words, open_ in zip(FIELDS, asked, strict=True) if open_)

    @property
    def is_referable(self) -> bool | None:
        """Stage 2 or more, or oedema (as the packs count it); None if it cannot be told.

        Decided: oedema that cannot be told does not make a stage below 2 referable.
        """
        if self.is_ungradable or self.grade is None:
            return None
        return self.grade >= 2 or self.oedema is Oedema.YES

    @property
    def against_routine(self) -> str:
        """What was said that a routine recall hardly goes with, in words; else empty.

        Decided: from stage 3 on, for programmes differ in what they do at stage 2.
        """
        if self.outcome is not Outcome.ROUTINE:
            return ""
        if self.is_ungradable:
            return "ungradable"
        if self.grade is not None and self.grade >= 3:
            return f"stage {self.grade}, {STAGES[self.grade]}"
        return "macular oedema" if self.oedema is Oedema.YES else ""


class ModelSaid(Struct, frozen=True):
    """What a pack said when a reading was signed. ``seen``: its or another pack's word was shown.

    ``interval`` is the probability's.
    """

    pack: str
    version: str
    sha256: str
    decision: str
    probability: float | None
    seen: bool
    interval: Interval | None = None


class StageSaid(Struct, frozen=True):
    """What a stage pack said when a reading was signed; never the reader's own stage.

    ``shares`` are probabilities by the stages' names, ``expected_stage`` lies on the grades of
    ``scale``, with its ``interval``. ``likeliest`` is the first and the last ICDR grade of the most
    probable stage, None where it has none. ``seen`` is as in ``ModelSaid``.
    """

    pack: str
    version: str
    sha256: str
    scale: str
    shares: dict[str, float]
    expected_stage: float
    seen: bool
    interval: Interval | None = None
    likeliest: tuple[int, int] | None = None


# ---- acts (``records.readings`` folds them)


class Filled(Struct, frozen=True, tag="form filled"):
    """The form was filled in; ``form`` is all of it as it is now."""

    act: str
    form: Form


class Signed(Struct, frozen=True, tag="reading signed"):
    """The reader signed. Not undone: what changes later is an amendment, signed anew.

    ``name`` is the file's own name. ``eye`` and ``eye_from`` are as the window had them, ``other``
    is the content hash of the other eye's picture if one was shown beside it. ``model_shown`` is
    whether any word of a model was on the screen before, also where ``model`` has none now; older
    versions did not write it.
    """

    act: str
    form: Form
    mode: ReadingMode
    name: str = ""
    eye: Laterality | None = None
    eye_from: str = ""
    other: str = ""
    model: ModelSaid | None = None
    stage: StageSaid | None = None
    model_shown: bool = False


class SignedReading(Struct, frozen=True):
    """A signed form with its signature, as it leaves the window.

    ``at`` (UTC, ISO 8601) and ``who``, the account on this computer, are empty until it is on the
    disk. ``version`` counts the signatures; ``amended`` is whether the form was changed since.
    """

    form: Form
    at: str = ""
    who: str = ""
    version: int = 1
    amended: bool = False


class EyeSaid(Struct, frozen=True, tag="eye said"):
    """The reader said which eye the photograph shows; None takes the reader's word back."""

    act: str
    eye: Laterality | None


class OtherEyeSaid(Struct, frozen=True, tag="other eye said"):
    """The reader said which picture shows the other eye.

    ``name`` is its file's own name, ``content_hash`` its content; both empty say that none does.
    """

    act: str
    name: str = ""
    content_hash: str = ""


class DateSaid(Struct, frozen=True, tag="date said"):
    """The reader said on which day the photograph was taken; empty takes the reader's word back.

    ``date`` is ISO 8601. ``visit`` is the same for all photographs of which it was said at once.
    """

    act: str
    date: str
    visit: str = ""


@dataclass(frozen=True)
class WorstEye:
    """The patient's worse eye by the reader: ``grade`` None if it is ungradable."""

    eye: Laterality | None
    grade: int | None
    words: str


def worst_eye(forms: dict[Laterality, Form]) -> WorstEye | None:
    """The worse of the eyes that were read; None before any was.

    The higher stage; between equal stages the one with oedema. Decided: an eye that cannot be
    graded is no step of the ladder, so it is told beside the other eye's stage.
    """
    read = {eye: form for eye, form in forms.items() if form.grade is not None}
    blind = [eye for eye, form in forms.items() if form.is_ungradable]
    read = {eye: form for eye, form in read.items() if eye not in blind}
    if not read and not blind:
        return None
    beside = " and ".join(f"{eye} ungradable" for eye in blind)
    if not read:
        return WorstEye(None, None, beside)
    keys = {eye: (form.grade, form.oedema is Oedema.YES) for eye, form in read.items()}
    worst = max(keys, key=lambda eye: keys[eye])
    grade = read[worst].grade
    assert grade is not None
    words = f"stage {grade}, {STAGES[grade]}"
    words += ", with macular oedema" if keys[worst][1] else ""
    both = len(read) == 2 and len(set(keys.values())) == 1
    words = f"{'both eyes' if both else worst} {words}"
    if blind:
        words += f"; {beside}"
    elif len(read) == 1:
        missing = Laterality.LEFT if worst is Laterality.RIGHT else Laterality.RIGHT
        words += f"; {missing} not read"
    return WorstEye(None if both else worst, grade, words)
