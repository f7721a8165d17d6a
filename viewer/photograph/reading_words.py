"""A reading in words: how far it is, and how it stands to what the model said."""

from datetime import datetime
from enum import StrEnum

from engine.answers import Decision, RetinopathyAnswer
from engine.records.forms import Form, ModelSaid, StageSaid
from engine.records.readings import Reading
from engine.stage_answers import StageAnswer
from engine.telling.stage_words import likeliest_grades
from engine.telling.words import decision_words, probability_words
from viewer.photograph.dates import words_of


class Signature(StrEnum):
    """How the reader's word on a photograph stands that was signed at least once."""

    SIGNED = "Signed"
    AMENDED = "Amended, not signed"


def signature(reading: Reading) -> Signature | None:
    """Whether the form is as it was signed last, or another since; None if it never was."""
    if reading.is_signed:
        return Signature.SIGNED
    return Signature.AMENDED if reading.signed else None


def status(reading: Reading, saved: str, signed_at: str = "") -> str:
    """How far a reading is; ``saved`` tells when its draft was, ``signed_at`` (UTC, ISO 8601) when
    it was signed last.
    """
    signed = signature(reading)
    if signed is Signature.SIGNED:
        version = len(reading.signed)
        words = f"{signed} {_when(signed_at)}".rstrip()
        return f"{words}, version {version}" if version > 1 else words
    if signed is not None:
        return signed
    return f"Not signed, {saved}" if saved and reading.form != Form() else "Not signed"


def _when(signed_at: str) -> str:
    """The hour of what was signed today, else the day, here and not in Greenwich."""
    if not signed_at:
        return ""
    at = datetime.fromisoformat(signed_at).astimezone()
    return f"{at:%H:%M}" if at.date() == datetime.now().date() else words_of(at.date())


def short(form: Form) -> str:
    """A form in two words, beside the eye that it is of."""
    if form.is_ungradable:
        return "ungradable"
    return "not read" if form.grade is None else f"stage {form.grade}"


_AGREES = {
    Decision.REFERABLE: "it is referable",
    Decision.NOT_REFERABLE: "it is not referable",
    Decision.UNGRADABLE: "it cannot be graded",
}
_AFTER = ", asked after you signed"


def verdict(
    reading: Reading, answer: RetinopathyAnswer | None, stage: StageAnswer | None = None
) -> str:
    """How the signed word stands to the model's; empty before both are there.

    The model's word is the one that was signed beside; where none was, the ``answer`` of now, and
    the ``stage``.
    """
    if not reading.is_signed:
        return ""
    model, when = reading.signed[-1].model, ""
    if model is None and answer is not None:
        model, when = model_said(answer, seen=False), _AFTER
    # Another version of the program may have written a word that this one does not know.
    decision = next(
        (each for each in Decision if model is not None and each == model.decision), None
    )
    if model is None or decision is None:
        return ""
    form = reading.form
    yours = Decision.UNGRADABLE
    if not form.is_ungradable:
        yours = Decision.REFERABLE if form.is_referable else Decision.NOT_REFERABLE
    said = decision_words(decision)
    if model.probability is not None and model.interval is not None:
        said += f", {probability_words(model.probability, model.interval)}"
    said = f"Model {model.pack} {model.version}{when}: {said}."
    stages = _stages_differ(reading, stage)
    if yours is decision:
        return f"{said} Agrees with you that {_AGREES[yours]}.{stages}"
    you = decision_words(yours).partition(":")[0].lower()
    ask = "Noted." if form.note else "Add a note."
    return f"{said} Differs: you say {you}. {ask}{stages}"


def _stages_differ(reading: Reading, answer: StageAnswer | None) -> str:
    """That the reader's stage is not the likeliest one, in a sentence after a space, or nothing."""
    signed, when = reading.signed[-1], ""
    stage, grade = signed.stage, signed.form.grade
    if stage is None and answer is not None:
        stage, when = stage_said(answer, seen=False), f"{_AFTER},"
    if stage is None or stage.likeliest is None or grade is None or signed.form.is_ungradable:
        return ""
    low, high = stage.likeliest
    if low <= grade <= high:
        return ""
    theirs = str(low) if low == high else f"{low} to {high}"
    return f" The stages differ: you say {grade}, {stage.pack} {stage.version}{when} says {theirs}."


def model_said(answer: RetinopathyAnswer, seen: bool) -> ModelSaid:
    """What the records keep of a pack's answer; ``seen`` is whether it was on the screen."""
    pack = answer.pack
    return ModelSaid(
        pack.name,
        pack.version,
        pack.sha256,
        answer.decision,
        answer.probability,
        seen,
        answer.interval,
    )


def stage_said(answer: StageAnswer, seen: bool) -> StageSaid | None:
    """What the records keep of a stage pack's answer; None where it told no stage."""
    if answer.expected_stage is None:
        return None
    pack = answer.pack
    return StageSaid(
        pack.name,
        pack.version,
        pack.sha256,
        answer.scale,
        {share.name: share.probability for share in answer.stages},
        answer.expected_stage,
        seen,
        answer.interval,
        likeliest_grades(answer),
    )
