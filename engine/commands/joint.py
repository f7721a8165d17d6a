"""``analyse`` of several photographs of one patient: both eyes, or an examination."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from engine.answers import Criterion, Heatmap, JointAnswer, RetinopathyAnswer, Together
from engine.commands import printed
from engine.commands.console import device_setting, tell, work
from engine.commands.outputs import same
from engine.errors import Refusal
from engine.pictures import Photograph
from engine.telling.answer_json import answer_json

if TYPE_CHECKING:
    from engine.followup.eyes_near import InForce

Others = Annotated[list[Path] | None, typer.Argument(help="More photographs, with --examination.")]
OtherEye = Annotated[
    Path | None, typer.Option(help="A photograph of the same patient's other eye.")
]
Examination = Annotated[
    bool, typer.Option("--examination", help="All photographs are one patient's examination.")
]
Context = Annotated[
    Path | None,
    typer.Option(help="A CSV of what else is known of the patient, with --examination."),
]


@dataclass(frozen=True)
class Group:
    """The photographs to be answered together, the one that was named first before the others."""

    together: Together
    pictures: tuple[Path, ...]
    context: Path | None


def group_of(
    picture: Path,
    others: list[Path] | None,
    other_eye: Path | None,
    examination: bool,
    context: Path | None,
    heatmap: Path | None,
) -> Group:
    """What was named on the command line. Raises ``typer.BadParameter`` if it does not fit."""
    if other_eye and (examination or others):
        raise typer.BadParameter("--other-eye is for one photograph of each eye alone.")
    if others and not examination:
        raise typer.BadParameter("Several photographs need --examination.")
    if context and not examination:
        raise typer.BadParameter("--context needs --examination.")
    together = Together.EXAMINATION if examination else Together.PAIR
    pictures = (picture, *(others or ()), *((other_eye,) if other_eye else ()))
    written = heatmap_files(heatmap, len(pictures))
    for each in (*pictures, *((context,) if context else ())):
        if any(same(each, file) for file in written):
            raise typer.BadParameter(f"{each.name} is never written over.")
    return Group(together, pictures, context)


def heatmap_files(out: Path | None, count: int) -> list[Path]:
    """The first photograph's heatmap lies at OUT, the second's at OUT-2, and so on."""
    if out is None:
        return []
    return [out, *(out.with_stem(f"{out.stem}-{number}") for number in range(2, count + 1))]


def analyse(
    group: Group,
    pack: str,
    criterion: Criterion | None,
    heatmap: Path | None,
    device: str,
    as_json: bool,
    quiet: bool,
) -> None:
    """Ask about the group and print the answer."""
    from engine.followup.eyes_near import in_force
    from engine.images.photograph import open_picture
    from engine.learning import context
    from engine.packs import store
    from engine.packs.pack import load
    from engine.questions import together

    with work(quiet) as task:
        known = None
        if group.context:
            rows = context.read(group.context, context.NAMES)
            names = [path.name for path in group.pictures]
            known = context.of_pictures(rows, names, group.context.name)
        chosen = load(store.find(pack, "retinopathy"))
        pictures: list[Photograph | Refusal] = []
        eyes: dict[Path, InForce] = {}
        for number, path in enumerate(group.pictures):
            try:
                eyes[path] = in_force(open_picture(path), path, task)
                pictures.append(eyes[path].photograph)
            except Refusal as refusal:
                if number == 0 and group.together is Together.PAIR:
                    raise  # it is the one that was asked about
                pictures.append(refusal)
        setting = device_setting(device)
        asked = (pictures, chosen, group.together, criterion, setting, task, known)
        said, heatmaps = together.answer(*asked)
        said = replace(said, photographs=_cautioned(said, pictures))
        files = _write(heatmap, said, pictures, heatmaps)
        result = _json(said, group, pictures, heatmaps, files, eyes)
        tell(result, _words(said, group, files, eyes), as_json)


def _cautioned(
    said: JointAnswer, pictures: list[Photograph | Refusal]
) -> tuple[RetinopathyAnswer | None, ...]:
    from engine.findings.landmarks import with_caution

    return tuple(
        with_caution(picture, answer) if answer and isinstance(picture, Photograph) else answer
        for picture, answer in zip(pictures, said.photographs, strict=True)
    )


def _write(
    out: Path | None,
    said: JointAnswer,
    pictures: list[Photograph | Refusal],
    heatmaps: tuple[Heatmap | None, ...],
) -> list[Path | None]:
    written: list[Path | None] = [None] * len(pictures)
    for number, file in enumerate(heatmap_files(out, len(pictures))):
        picture, answer = pictures[number], said.photographs[number]
        if isinstance(picture, Photograph) and answer is not None:
            written[number] = printed.write_heatmap(file, picture, answer, heatmaps[number])
    return written


def _json(
    said: JointAnswer,
    group: Group,
    pictures: list[Photograph | Refusal],
    heatmaps: tuple[Heatmap | None, ...],
    files: list[Path | None],
    eyes: "Mapping[Path, InForce]",
) -> dict[str, Any]:
    rows: list[dict[str, Any]] = []
    for number, path in enumerate(group.pictures):
        answer, picture = said.photographs[number], pictures[number]
        if answer is None:
            reason = picture.reason if isinstance(picture, Refusal) else None
            rows.append({"path": str(path), "probability": None, "reason": reason})
        else:
            own = answer_json(answer, heatmaps[number], files[number])
            rows.append({"path": str(path), **own, "eye": printed.eye_json(eyes[path])})
    interval = said.interval
    return {
        "question": said.question,
        "together": str(said.together),
        "basis": str(said.basis),
        "said": said.said,
        "probability": said.probability,
        "interval": [interval.low, interval.high] if interval else None,
        "level": interval.level if interval else 0.9,
        "decision": str(said.decision),
        "operating_point": said.operating_point,
        "worst": None if said.worst is None else str(group.pictures[said.worst]),
        "missing": list(said.missing),
        "pack": asdict(said.pack),
        "criterion": str(said.criterion),
        "device": said.device,
        "photographs": rows,
        "warnings": list(said.warnings),
        "notes": list(said.notes),
    }


def _words(
    said: JointAnswer,
    group: Group,
    files: list[Path | None],
    eyes: "Mapping[Path, InForce]",
) -> str:
    from engine.telling import words

    lines = [words.decision_words(said.decision)]
    if said.probability is not None and said.interval is not None:
        lines += [words.scored_sentence(said.probability, said.interval, said.operating_point)]
    lines += [said.said]
    for path, answer in zip(group.pictures, said.photographs, strict=True):
        if answer is None:
            continue  # why it could not be read stands among the warnings
        if answer.probability is None:
            own = " ".join(f"{reason.why} {reason.advice}" for reason in answer.reasons)
        elif answer.interval is not None:
            own = words.probability_words(answer.probability, answer.interval)
        lines += [f"{path.name}: {own}", *answer.warnings, *printed.eye_words(eyes[path])]
    if said.missing:
        lines += [f"Not known, so that a median stands in: {', '.join(said.missing)}."]
    lines += [f"Pack {words.pack_words(said.pack)}, on {said.device}."]
    lines += [*said.warnings, *said.notes]
    lines += [f"Heatmap: {file}" for file in files if file]
    return "\n".join([*lines, words.STRIP])
