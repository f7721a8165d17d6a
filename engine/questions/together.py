"""Several photographs of one patient: both eyes, or an examination, and one answer for all.

A pack that joins photographs in no way scores each by itself; the worst one's score is told, and
that it is.
"""

from collections.abc import Sequence
from dataclasses import dataclass

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
from engine.packs.pack import Pack
from engine.pictures import Laterality, Photograph
from engine.questions import retinopathy
from engine.task import Task

_SIDES = {Laterality.RIGHT: "right", Laterality.LEFT: "left"}


@dataclass(frozen=True, eq=False)
class _Seen:
    """A photograph's own answer; both are None where the file could not be read."""

    answer: RetinopathyAnswer | None
    heatmap: Heatmap | None


def answer(
    pictures: Sequence[Photograph | Refusal],
    pack: Pack,
    together: Together,
    criterion: Criterion,
    device_setting: str,
    task: Task,
) -> tuple[JointAnswer, tuple[Heatmap | None, ...]]:
    """The score of all photographs together, and each one's heatmap, in order.

    A picture that could not be read stands as the ``Refusal`` that says why. Left out are those,
    and the ungradable; the answer says so.

    Raises:
        Refusal: the pack or the device cannot be used, no picture can be read, a picture is given
            twice, or a pair is not one photograph of each eye.
        Cancelled: the task was cancelled.
    """
    _check(pictures, together)
    seen = []
    for number, picture in enumerate(pictures):
        task.progress("Asking the network", number, len(pictures))
        if isinstance(picture, Refusal):
            seen.append(_Seen(None, None))
        else:
            asked = (picture, pack, criterion, device_setting, task.quietly())
            seen.append(_Seen(*retinopathy.answer(*asked)))
    warnings = tuple(each.reason for each in pictures if isinstance(each, Refusal))
    said = _worst([each.answer for each in seen], pack, together, criterion, warnings)
    task.progress("Asking the network", len(pictures), len(pictures))
    return said, tuple(each.heatmap for each in seen)


def _worst(
    answers: list[RetinopathyAnswer | None],
    pack: Pack,
    together: Together,
    criterion: Criterion,
    warnings: tuple[str, ...],
) -> JointAnswer:
    probabilities = {
        number: said.probability
        for number, said in enumerate(answers)
        if said is not None and said.probability is not None
    }
    worst = max(probabilities, key=lambda number: probabilities[number]) if probabilities else None
    told = answers[worst] if worst is not None else None
    any_said = next(said for said in answers if said is not None)
    return JointAnswer(
        question=retinopathy.QUESTION,
        together=together,
        basis=Basis.WORST if len(probabilities) > 1 else Basis.SINGLE,
        said=_said(len(answers), len(probabilities), together),
        decision=_decision(told, len(probabilities) == len(answers), together),
        probability=told.probability if told else None,
        interval=told.interval if told else None,
        operating_point=any_said.operating_point,
        worst=worst,
        photographs=tuple(answers),
        pack=pack.reference,
        criterion=criterion,
        device=any_said.device,
        warnings=warnings,
        notes=told.notes if told else (),
    )


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
    sides = [picture.laterality for picture in read]
    if together is Together.PAIR and len(read) == 2 and sides[0] and sides[0] is sides[1]:
        raise Refusal(
            what,
            f"“{read[0].name}” and “{read[1].name}” both show the {_SIDES[sides[0]]} eye, as their "
            "files say.",
            "Name one photograph of each eye.",
        )
