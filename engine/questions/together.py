"""Several photographs of one patient: both eyes, or an examination, and one answer for all.

Where the pack has a forest for it, the forest joins them (METHODS Q8). Else each is scored by
itself; the worst one's score is told, and that it is.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from engine.answers import (
    Basis,
    Criterion,
    Decision,
    Heatmap,
    JointAnswer,
    RetinopathyAnswer,
    Together,
)
from engine.errors import Refusal
from engine.eyes.names import eye_name
from engine.learning import context, features
from engine.learning.context import Values
from engine.learning.features import Asks
from engine.packs.manifest import ForestPart
from engine.packs.pack import Pack
from engine.pictures import Laterality, Photograph
from engine.questions import joining, retinopathy
from engine.questions.joining import Voice
from engine.questions.retinopathy import Looked
from engine.task import Task

_SIDES = {Laterality.RIGHT: "right", Laterality.LEFT: "left"}


Seen = tuple[RetinopathyAnswer | None, Heatmap | None]
"""A photograph's own answer; both are None where the file could not be read."""


def answer(
    pictures: Sequence[Photograph | Refusal],
    pack: Pack,
    together: Together,
    criterion: Criterion | None,
    device_setting: str,
    task: Task,
    known: Values | None = None,
) -> tuple[JointAnswer, tuple[Heatmap | None, ...]]:
    """The score of all photographs together, and each one's heatmap, in order.

    A picture that could not be read stands as the ``Refusal`` that says why. Left out are those,
    and the ungradable; the answer says so. ``known`` is what else is
    known of the patient, for an examination.

    Raises:
        Refusal: the pack or the device cannot be used, no picture can be read, a picture is given
            twice, or a pair is not one photograph of each eye.
        Cancelled: the task was cancelled.
    """
    _check(pictures, together)
    retinopathy.check_question(pack)
    voice, criterion = joining.alone(pack), pack.criterion(criterion)
    looks: list[Looked | RetinopathyAnswer | None] = []
    for number, picture in enumerate(pictures):
        task.progress("Asking the network", number, len(pictures))
        if isinstance(picture, Refusal):
            looks.append(None)
        else:
            asked = (picture, pack, voice, criterion, device_setting, task.quietly())
            looks.append(retinopathy.look(*asked))
    case = _Case(pack, together, criterion, tuple(looks), voice)
    said, seen = _joined(case, known or {}) or _worst(case)
    warnings = tuple(each.reason for each in pictures if isinstance(each, Refusal))
    if known and said.basis is not Basis.FOREST:
        warnings += ("The context was left aside: this pack's score does not use it.",)
    task.progress("Asking the network", len(pictures), len(pictures))
    return replace(said, warnings=warnings), tuple(heatmap for _, heatmap in seen)


@dataclass(frozen=True, eq=False)
class _Case:
    """What was asked, and what the networks of ``voice`` saw in each picture."""

    pack: Pack
    together: Together
    criterion: Criterion
    looks: tuple[Looked | RetinopathyAnswer | None, ...]
    voice: Voice

    @property
    def looked(self) -> list[Looked]:
        """Those that could be scored."""
        return [look for look in self.looks if isinstance(look, Looked)]

    def seen(self, say: Callable[[Looked], tuple[RetinopathyAnswer, Heatmap | None]]) -> list[Seen]:
        """Each picture's answer, by ``say`` where it could be scored."""
        return [say(look) if isinstance(look, Looked) else (look, None) for look in self.looks]

    def by_itself(self, look: Looked) -> tuple[RetinopathyAnswer, Heatmap | None]:
        """A picture's answer without the others."""
        return retinopathy.told(look, self.pack, self.voice, self.voice.score(look.scores))


def _joined(case: _Case, known: Values) -> tuple[JointAnswer, list[Seen]] | None:
    """The forest's answer; None where the pack has none for this, or there is nothing to join."""
    voice = joining.joined(case.pack, Asks(case.together))
    if voice is None:
        return None
    if case.together is Together.EXAMINATION:
        return _examined(case, voice, known) if case.looked else None
    return _paired(case, voice) if len(case.looked) == 2 else None


def _paired(case: _Case, voice: Voice) -> tuple[JointAnswer, list[Seen]]:
    one, two = case.looked
    others = {id(one): two, id(two): one}

    def say(look: Looked) -> tuple[RetinopathyAnswer, Heatmap | None]:
        row = features.pair(look.scores, others[id(look)].scores)
        return retinopathy.told(look, case.pack, voice, voice.of(row))

    seen = case.seen(say)
    said = "Each eye was scored with the other eye in view; this is the worse eye's score."
    return _of_worst(case, seen, Basis.FOREST, said), seen


def _examined(case: _Case, voice: Voice, known: Values) -> tuple[JointAnswer, list[Seen]]:
    assert isinstance(voice.judge, ForestPart)
    fields = voice.judge.context
    scores = np.stack([look.scores for look in case.looked])
    score = voice.of(features.examination(scores, context.features(fields, known)))
    own = case.voice

    def say(look: Looked) -> tuple[RetinopathyAnswer, Heatmap | None]:
        # Each photograph's probability is its own; its heatmap is the examination's forest's.
        return retinopathy.told(look, case.pack, own, own.score(look.scores), voice.weights)

    seen = case.seen(say)
    given, used = len(case.looks), len(case.looked)
    of = f"{used} of {given} photographs" if used < given else _count(given)
    missing = context.missing(fields, known)
    said = f"One score of the whole examination: {of}"
    if fields:
        said += f", and {len(fields) - len(missing)} of {len(fields)} fields of context"
    probability = voice.judge.calibration.probability(score)
    point = voice.judge.operating_point
    joint = JointAnswer(
        question=retinopathy.QUESTION,
        together=case.together,
        basis=Basis.FOREST,
        said=f"{said}.",
        decision=Decision.REFERABLE if probability >= point else Decision.NOT_REFERABLE,
        probability=probability,
        interval=voice.judge.calibration.interval(score),
        operating_point=point,
        worst=None,
        photographs=tuple(told for told, _ in seen),
        pack=case.pack.reference,
        criterion=case.criterion,
        device=case.looked[0].device.name,
        notes=retinopathy.notes(case.pack.manifest, voice.judge.figures),
        missing=missing,
    )
    return joint, seen


def _worst(case: _Case) -> tuple[JointAnswer, list[Seen]]:
    seen = case.seen(case.by_itself)
    given, scored = len(case.looks), len(case.looked)
    basis = Basis.WORST if scored > 1 else Basis.SINGLE
    return _of_worst(case, seen, basis, _said(given, scored, case.together)), seen


def _of_worst(case: _Case, seen: list[Seen], basis: Basis, said: str) -> JointAnswer:
    answers = [told for told, _ in seen]
    probabilities = {
        number: told.probability
        for number, told in enumerate(answers)
        if told is not None and told.probability is not None
    }
    worst = max(probabilities, key=lambda number: probabilities[number]) if probabilities else None
    told = answers[worst] if worst is not None else None
    any_told = next(each for each in answers if each is not None)
    return JointAnswer(
        question=retinopathy.QUESTION,
        together=case.together,
        basis=basis,
        said=said,
        decision=_decision(told, len(probabilities) == len(answers), case.together),
        probability=told.probability if told else None,
        interval=told.interval if told else None,
        operating_point=any_told.operating_point,
        worst=worst,
        photographs=tuple(answers),
        pack=case.pack.reference,
        criterion=case.criterion,
        device=any_told.device,
        notes=told.notes if told else (),
    )


def _count(photographs: int) -> str:
    return f"{photographs} photographs" if photographs > 1 else "1 photograph"


def _decision(told: RetinopathyAnswer | None, all_scored: bool, together: Together) -> Decision:
    if told is None:
        return Decision.UNGRADABLE
    # decided: an eye that nobody saw is never called not referable. An examination holds several
    # photographs of an eye, so that one may fail.
    if together is Together.PAIR and not all_scored and told.decision is Decision.NOT_REFERABLE:
        return Decision.UNGRADABLE
    return told.decision


def _said(given: int, scored: int, together: Together) -> str:
    pair = together is Together.PAIR
    if not scored:
        return "Neither eye could be scored." if pair else "No photograph could be scored."
    if pair and scored < given:
        return "Only one eye could be scored; this is the score of that eye alone."
    if pair:
        return "The pack scores each eye by itself; this is the worse eye's score."
    if scored == 1:
        return f"Of {given} photographs one could be scored; this is its score alone."
    left_out = f"; {given - scored} of {given} could not be scored" if scored < given else ""
    return f"The pack scores each photograph by itself; this is the worst one's score{left_out}."


def _check(pictures: Sequence[Photograph | Refusal], together: Together) -> None:
    what = (
        "The two eyes were not scored together."
        if together is Together.PAIR
        else "The examination was not scored."
    )
    if together is Together.PAIR and len(pictures) != 2:
        raise Refusal(
            what,
            f"A pair has one photograph of each eye, and there are {len(pictures)}.",
            "Name two photographs.",
        )
    read = [picture for picture in pictures if isinstance(picture, Photograph)]
    if not read:
        refused = next((each for each in pictures if isinstance(each, Refusal)), None)
        raise refused or Refusal(what, "There is no photograph.", "Name its photographs.")
    first: dict[str, str] = {}
    for picture in read:
        if picture.content_hash in first:
            raise Refusal(
                what,
                f"“{first[picture.content_hash]}” and “{picture.name}” are the same photograph.",
                "Name another photograph in the place of one of them.",
            )
        first[picture.content_hash] = picture.name
    sides = [picture.laterality or eye_name(picture.name).laterality for picture in read]
    if together is Together.PAIR and len(read) == 2 and sides[0] and sides[0] is sides[1]:
        raise Refusal(
            what,
            f"“{read[0].name}” and “{read[1].name}” both show the {_SIDES[sides[0]]} eye, as their "
            "headers or names say.",
            "Name one photograph of each eye.",
        )
