"""Two commands: a patient's visits, and what changed in an eye from one visit to another."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from engine.answers import Region
from engine.commands import printed
from engine.commands.console import Device, Json, Quiet, device_setting, tell, work
from engine.errors import Refusal
from engine.telling.region_json import region_json
from engine.telling.region_words import counts_words
from engine.visits.change import Fate
from engine.visits.visit import DateSource, Patient

if TYPE_CHECKING:
    from engine.followup.compare import Compared, Then
    from engine.followup.eyes_near import InForce
    from engine.packs.pack import Pack
    from engine.pictures import Photograph
    from engine.task import Task

app = typer.Typer()

_SAID = {
    DateSource.READER: "said by the reader",
    DateSource.HEADER: "from the DICOM header",
    DateSource.TABLE: "from the table",
}


@app.command()
def visits(
    photograph: Annotated[Path, typer.Argument(help="A photograph of the patient.")],
    whole_folder: Annotated[
        bool, typer.Option("--whole-folder", help="All in its folder are of one patient.")
    ] = False,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Whose photograph it is, and that patient's visits in order, with whose word each date is."""
    with work(quiet) as task:
        from engine.followup.gather import gather
        from engine.images.dicom.scan import scan
        from engine.images.photograph import identify

        identify(photograph)  # refuses in words what is none
        patient = gather(photograph, scan, task, whole_folder=whole_folder)
        tell(asdict(patient), _patient_words(patient), as_json)


@app.command()
def change(
    earlier: Annotated[Path, typer.Argument(help="An eye's photograph at an earlier visit.")],
    later: Annotated[Path, typer.Argument(help="The same eye's at a later one.")],
    pack: Annotated[str, typer.Option(help="A retinopathy pack's name or folder.")] = "",
    stage_pack: Annotated[str, typer.Option(help="A stage pack's name or folder.")] = "",
    device: Device = "",
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """What changed in one eye: how the photographs lie, what came, grew and went, the stage."""
    with work(quiet) as task:
        from engine.followup.align import NOT_ONE_EYE
        from engine.followup.compare import compare, copies
        from engine.followup.eyes_near import in_force
        from engine.images.photograph import open_picture
        from engine.packs import store
        from engine.packs.pack import load

        eyes = [in_force(open_picture(path), path, task) for path in (earlier, later)]
        pictures = [each.photograph for each in eyes]
        # Before any network is asked about them.
        if (same := copies(pictures[0].pixels, pictures[1].pixels)) is not None:
            notes = _notes(same, eyes, ())
            tell(_change_json(same, eyes, notes), _change_words(same, eyes, notes), as_json)
            return
        setting = device_setting(device)
        chosen = load(store.find(pack, "retinopathy"))
        stages, why = _stage_pack(stage_pack)
        asked = [_then(each, chosen, stages, setting, task) for each in pictures]
        seen = [then for then, _ in asked]

        def calibration_of(_: object) -> Any:
            assert stages is not None and stages.manifest.stages is not None
            return stages.manifest.stages.calibration

        threshold = chosen.manifest.lesion_threshold
        found = compare(seen[0], seen[1], threshold, calibration_of, task)
        if NOT_ONE_EYE in found.change.notes:
            raise Refusal(
                "The photographs were not compared.",
                NOT_ONE_EYE,
                "Choose two photographs of the same eye.",
            )
        of_answers = _of_answers(*(warnings for _, warnings in asked))
        notes = _notes(found, eyes, (*of_answers, *filter(None, [why])))
        tell(_change_json(found, eyes, notes), _change_words(found, eyes, notes), as_json)


def _stage_pack(name: str) -> tuple["Pack | None", str]:
    """The stage pack; where none was named and none ships, None and why."""
    from engine.packs import store
    from engine.packs.pack import load

    try:
        return load(store.find(name, "stage")), ""
    except Refusal as refusal:
        if name:
            raise
        return None, f"The stages are not compared: {refusal.what}"


def _then(
    photograph: "Photograph",
    pack: "Pack",
    stages: "Pack | None",
    device: str,
    task: "Task",
) -> "tuple[Then, tuple[str, ...]]":
    """A photograph and all that is asked about it, and what its answers warn of."""
    from engine.findings.landmarks import landmarks_of
    from engine.followup.compare import Then
    from engine.questions import retinopathy, stage

    said, heatmap = retinopathy.answer(photograph, pack, None, device, task)
    staged, warned = None, said.warnings
    if stages is not None:
        asked = (photograph, stages, None, device, task)
        staged, _ = stage.answer(*asked, with_map=False)
        warned += staged.warnings
    landmarks = landmarks_of(photograph.pixels, photograph.laterality)
    then = Then(photograph.pixels, landmarks, heatmap, said.assessed, staged)
    return then, tuple(each for each in warned if each not in photograph.warnings)


# ---- in words and in JSON


def _patient_words(patient: Patient) -> str:
    lines = [f"{patient.name}: {patient.basis}"]
    for visit in patient.visits:
        day = f"{visit.date} ({_SAID[visit.source]})" if visit.date else "no date"
        eyes = ", ".join(
            f"{Path(seen.path).name} ({seen.eye or 'eye not known'})" for seen in visit.photographs
        )
        lines.append(f"{day}: {eyes}")
    return "\n".join([*lines, *patient.notes])


def _of_answers(earlier: Sequence[str], later: Sequence[str]) -> list[str]:
    """What answers warn of, once: a grainy photograph has new lesions that are none."""
    whose = {
        warning: "both photographs"
        if warning in earlier and warning in later
        else f"the {'earlier' if warning in earlier else 'later'} photograph"
        for warning in (*earlier, *later)
    }
    return [f"Of {of}: {warning}" for warning, of in whose.items()]


def _change_json(
    found: "Compared", eyes: Sequence["InForce"], notes: Sequence[str]
) -> dict[str, Any]:
    change = found.change
    earlier, later = map(printed.eye_json, eyes)
    told: dict[str, Any] = {
        "alignment": None if change.alignment is None else asdict(change.alignment),
        "changes": [asdict(each) for each in change.regions],
        "earlier": _regions_json(found.earlier),
        "later": _regions_json(found.later),
        "stage": None if change.stage is None else asdict(change.stage),
        "eyes": {"earlier": earlier, "later": later},
        "notes": list(notes),
    }
    if found.later_kinds:
        told["lesions"] = {
            "earlier": dict(found.earlier_kinds),
            "later": dict(found.later_kinds),
            **{str(fate): dict(_kinds_of(found, fate)) for fate in _told_fates(found)},
        }
    return told


def _notes(found: "Compared", eyes: Sequence["InForce"], more: Sequence[str]) -> list[str]:
    """Once, what both photographs' folder has, and ``more``."""
    of_eyes = dict.fromkeys(warning for each in eyes for warning in each.warnings)
    return [*found.change.notes, *of_eyes, *more]


def _regions_json(regions: tuple[Region, ...]) -> list[dict[str, Any]]:
    return [region_json(number, each) for number, each in enumerate(regions, 1)]


def _told_fates(found: "Compared") -> tuple[Fate, ...]:
    """What came, grew and went, where the photographs lie on each other well enough to tell."""
    alignment = found.change.alignment
    told = alignment is not None and alignment.error is not None
    return (Fate.NEW, Fate.GROWN, Fate.GONE) if told else ()


def _kinds_of(found: "Compared", fate: Fate) -> list[tuple[str, int]]:
    """How many of the listed regions of each kind have met that fate."""
    kinds = Counter(
        found.earlier[each.earlier or 0].kind
        if each.later is None
        else found.later[each.later].kind
        for each in found.change.regions
        if each.fate is fate
    )
    return [(kind, kinds[kind]) for kind, _ in found.later_kinds]


def _change_words(found: "Compared", eyes: Sequence["InForce"], notes: Sequence[str]) -> str:
    change = found.change
    lines = [words for each in eyes for words in printed.eye_words(each)]
    if change.alignment is not None:
        lines.append(change.alignment.how)
        if change.alignment.error is not None:
            lines.append(f"It is off by about {change.alignment.error:.2f} disc diameters.")
        lines += filter(None, [change.alignment.doubt])
    if change.regions:
        lines.append(f"Regions: {', '.join(f'{change.count(fate)} {fate}' for fate in Fate)}.")
    if found.later_kinds:
        lines.append(f"Drawn then: {counts_words(found.earlier_kinds)}.")
        lines.append(f"Drawn now: {counts_words(found.later_kinds)}.")
        for fate in _told_fates(found):
            lines.append(f"{fate.capitalize()}: {counts_words(_kinds_of(found, fate))}.")
    if change.stage is not None:
        lines.append(change.stage.said[:1].upper() + change.stage.said[1:])
    return "\n".join([*lines, *notes])
