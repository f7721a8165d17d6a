"""Two commands: what picture files hold, and a volume written as NIfTI."""

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from engine.commands import outputs
from engine.commands.console import REFUSED, Json, Quiet, tell, warn, work
from engine.errors import Refusal
from engine.listing import Listing, RefusedFile, SeriesEntry
from engine.reports import contents
from engine.reports.contents import Surveyed
from engine.service.names import as_text

if TYPE_CHECKING:
    from engine.images.catalogue import Catalogue
    from engine.images.photograph_facts import Stored
    from engine.images.plan import Planned
    from engine.pictures import Volume
    from engine.task import Task

app = typer.Typer()

_NOT_MEASURED = "It is too large for the memory that is free: its values were not looked at."


@app.command()
def info(
    paths: Annotated[list[Path], typer.Argument(help="Files, folders, ZIPs or DICOMDIRs.")],
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """What picture files hold, each series with its geometry, values and repairs."""
    with work(quiet) as task, _scratch() as scratch:
        from engine.images.catalogue import list_pictures

        catalogue = list_pictures(paths, scratch, task)
        found, refused = _surveyed(catalogue, task)
        refused = (*catalogue.listing.refused, *refused)
        result = {
            "series": [contents.series_json(each) for each in found],
            "refused": [contents.refused_json(each) for each in refused],
        }
        tell(result, contents.words(found, refused), as_json)
        if not found:
            _say_why(refused)
            raise typer.Exit(REFUSED)


@app.command()
def convert(
    path: Annotated[Path, typer.Argument(help="A file, folder, ZIP or DICOMDIR.")],
    out: Annotated[Path, typer.Argument(help="OUT.nii.gz or OUT.nii.")],
    series: Annotated[
        str, typer.Option(help="Which one, by its number or key as info tells them.")
    ] = "",
    frame: Annotated[
        int, typer.Option(min=0, help="Only this one of its frames, counted from 1.")
    ] = 0,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Write a volume as NIfTI: its voxels, its place in the patient, its repairs."""
    from engine.images.write_nifti import ENDINGS, is_one, write_nifti

    if not out.name.lower().endswith(ENDINGS):
        raise typer.BadParameter(f"{out.name} ends in neither .nii nor .nii.gz.")
    with work(quiet) as task, _scratch() as scratch:
        from engine.images.catalogue import list_pictures
        from engine.images.load import load

        catalogue = list_pictures([path], scratch, task)
        entry = _chosen(catalogue.listing, series)
        planned = catalogue.planned[entry.key]
        _keep_input(planned, out)
        outputs.check_file(out, is_one)
        _check_memory(entry)
        volume = load(planned, task)
        if frame:
            volume = _one_frame(volume, frame)
        write_nifti(volume, out)
        repairs = [
            {"kind": repair.kind, "detail": repair.detail} for repair in volume.facts.repairs
        ]
        result = {
            "file": str(out),
            "series": entry.key,
            "repairs": repairs,
            "warnings": list(volume.facts.warnings),
        }
        tell(result, "\n".join([f"Wrote {out}.", *contents.remarks(volume.facts)]), as_json)


@contextmanager
def _scratch() -> Iterator[Path]:
    """A folder for what archives hold, gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="lesionlens-") as folder:
        yield Path(folder)


def _surveyed(
    catalogue: "Catalogue", task: "Task"
) -> tuple[tuple[Surveyed, ...], tuple[RefusedFile, ...]]:
    """Look at the values of every series; those that cannot be decoded are refused."""
    from dataclasses import replace

    from engine.images.load import survey

    found: list[Surveyed] = []
    refused: list[RefusedFile] = []
    entries = catalogue.listing.entries
    for number, entry in enumerate(task.over(entries, "Reading pictures", len(entries)), 1):
        planned = catalogue.planned[entry.key]
        path = catalogue.shown.get(entry.path, entry.path)
        unread: tuple[RefusedFile, ...] = ()
        try:
            if _fits(entry):
                facts, unread = survey(planned, task)
            else:
                facts = replace(planned.facts, warnings=(*planned.facts.warnings, _NOT_MEASURED))
            kept = _stored(planned)
        except Refusal as refusal:
            refused.append(RefusedFile(path, refusal.reason, advice=refusal.advice))
        else:
            found.append(Surveyed(number, entry, path, len(_read_from(planned)), facts, kept))
        refused += [
            replace(each, path=catalogue.shown.get(each.path, each.path)) for each in unread
        ]
    return tuple(found), tuple(refused)


def _stored(planned: "Planned") -> "Stored | None":
    from engine.images.photograph_facts import stored
    from engine.images.plan import PhotographPlan

    plan = planned.plan
    return stored(Path(plan.path)) if isinstance(plan, PhotographPlan) else None


def _say_why(refused: Sequence[RefusedFile]) -> None:
    """On stderr: the reasons, those that matter alone if there are any."""
    loud = [each for each in refused if not each.quiet] or list(refused)
    warn(
        "Nothing in it can be read."
        if loud
        else "Nothing in it can be read: there is no picture in it."
    )
    for each in loud:
        warn(f"{as_text(each.path)}: {each.told}")


def _chosen(listing: Listing, series: str) -> SeriesEntry:
    """The entry that is meant."""
    entries = listing.entries
    names = "; ".join(f"{number}: {entry.title}" for number, entry in enumerate(entries, 1))
    if not entries:
        loud = [each for each in listing.refused if not each.quiet] or list(listing.refused)
        raise Refusal(
            "Nothing was written, because nothing in it can be read.",
            " ".join(each.reason for each in loud[:5]) or "There is no picture in it.",
            "Choose another file.",
        )
    if not series:
        if len(entries) == 1:
            return entries[0]
        raise Refusal(
            "Nothing was written.",
            f"It holds {len(entries)} series, and one is written at a time: {names}.",
            "Name one by its number, for example --series 1.",
        )
    by_key = [entry for entry in entries if entry.key == series]
    if not by_key and series.isdecimal() and 1 <= int(series) <= len(entries):
        by_key = [entries[int(series) - 1]]
    if not by_key:
        raise Refusal(
            "Nothing was written.",
            f"There is no series {series} in it. It holds: {names}.",
            "Name one by its number, for example --series 1.",
        )
    return by_key[0]


def _keep_input(planned: "Planned", out: Path) -> None:
    """Refuse to write over a file that is read."""
    if out.exists() and any(path.exists() and out.samefile(path) for path in _read_from(planned)):
        raise typer.BadParameter(f"{out.name} is the picture itself, which is never written over.")


def _check_memory(entry: SeriesEntry) -> None:
    from engine.service.memory import available

    if not _fits(entry):
        raise Refusal(
            f"“{entry.title}” was not written.",
            f"It takes {entry.bytes_needed / 1e9:.1f} GB of memory, and {available() / 1e9:.1f} GB "
            "are free.",
            "Close other programs, or do it on a larger computer.",
        )


def _fits(entry: SeriesEntry) -> bool:
    from engine.service.memory import SPARE, available

    return entry.bytes_needed <= available() - SPARE


def _one_frame(volume: "Volume", number: int) -> "Volume":
    from dataclasses import replace

    from engine.pictures import FrameAxis, Volume

    count = len(volume.facts.frames)
    if number > count:
        raise Refusal(
            "Nothing was written.",
            f"Frame {number} was asked for; there are {count}.",
            f"Name one from 1 to {count}.",
        )
    facts = replace(
        volume.facts,
        frames=("",),
        frame_axis=FrameAxis.NONE,
        frame_ms=None,
    )
    return Volume(volume.values[number - 1 : number], facts)


def _read_from(planned: "Planned") -> set[Path]:
    """The files that a series is read from."""
    from engine.images.formats import FORMATS
    from engine.images.plan import FilePlan, files_of
    from engine.images.recognise import Kind

    files = {Path(path) for path in files_of(planned.plan)}
    if isinstance(planned.plan, FilePlan):
        kind = Kind(planned.plan.format)
        files.update(FORMATS[kind].files(Path(planned.plan.path), kind))
    return files
