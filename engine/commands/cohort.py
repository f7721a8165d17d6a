"""Commands about many pictures: what a pack, or anybody's heatmaps, are worth."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from engine.answers import Criterion
from engine.commands import outputs
from engine.commands.console import Device, Json, Quiet, device_setting, tell, work
from engine.evaluation.predictions import is_one as is_table_of_predictions
from engine.telling.words import STRIP

if TYPE_CHECKING:
    import torch

    from engine.cohort.heatmaps import Heatmaps
    from engine.cohort.unseen import Unseen
    from engine.evaluation.lesion_level import Protocol
    from engine.evaluation.lesion_truth import LesionSet
    from engine.packs.pack import Pack
    from engine.task import Task

app = typer.Typer()


@app.command()
def evaluate(
    question: Annotated[Literal["retinopathy", "stage"], typer.Option(help="What is asked.")],
    pack: Annotated[
        str,
        typer.Argument(help="A pack's name, NAME@VERSION, or its folder; else the shipped one."),
    ] = "",
    grades: Annotated[
        Path | None,
        typer.Option(help="A CSV: image, dr_grade, maybe patient; photographs beside it."),
    ] = None,
    against: Annotated[
        str,
        typer.Option(help="With --grades: another pack, compared on the same photographs."),
    ] = "",
    lesions: Annotated[
        Path | None,
        typer.Option(help="A folder of photographs with masks of their lesions, or DiaretDB1."),
    ] = None,
    maps: Annotated[
        Path | None,
        typer.Option(help="With --lesions: judge the NAME.npy in this folder, and no pack."),
    ] = None,
    run: Annotated[
        list[Path] | None,
        typer.Option(
            help="With --lesions, for a pack: a run folder, each photograph judged by the network "
            "that has not seen its patient; more of them (other ν) beside the first."
        ),
    ] = None,
    unseen: Annotated[
        bool,
        typer.Option(
            "--unseen",
            help="Each photograph by that network of the pack alone that has not seen its patient.",
        ),
    ] = False,
    criterion: Annotated[
        list[Criterion] | None,
        typer.Option(help="With --lesions: only these, the first as the chief one."),
    ] = None,
    detections: Annotated[
        Literal["peaks", "components"], typer.Option(help="How a map becomes detections.")
    ] = "peaks",
    smoothing: Annotated[
        float, typer.Option(min=0, help="Of the map, in network pixels (standard deviation).")
    ] = 1.0,
    merge: Annotated[
        float,
        typer.Option(
            min=0, help="Lesions nearer than so many % of the field's width as one, beside 0."
        ),
    ] = 2.0,
    lesion_threshold: Annotated[
        float, typer.Option(min=0, max=1, help="A lesion is where experts' mean is above it.")
    ] = 0.75,
    ignore_uncertain: Annotated[
        bool, typer.Option("--ignore-uncertain", help="What is marked below it is not false.")
    ] = False,
    grid: Annotated[
        int, typer.Option(min=7, max=4096, help="With --maps: network pixels across the field.")
    ] = 448,
    predictions: Annotated[Path | None, typer.Option(help="OUT.csv, a row for each case.")] = None,
    report: Annotated[Path | None, typer.Option(help="A folder for the report.")] = None,
    device: Device = "",
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """What a pack, or which of two, is worth against grades, or heatmaps against marked lesions."""
    if (grades is None) == (lesions is None):
        raise typer.BadParameter("Name one of --grades and --lesions.")
    if maps is not None and (lesions is None or pack):
        raise typer.BadParameter("--maps goes with --lesions, and without a pack.")
    if run and (lesions is None or pack or maps):
        raise typer.BadParameter("--run goes with --lesions, without a pack and without --maps.")
    if against and (grades is None or question == "stage"):
        raise typer.BadParameter("--against goes with --grades and --question retinopathy.")
    if unseen and (run or maps or against):
        raise typer.BadParameter("--unseen goes with one pack.")
    if grades and predictions and outputs.same(grades, predictions):
        raise typer.BadParameter(f"{grades.name} is the table of grades, never written over.")
    if criterion and {Criterion.PI, Criterion.PI_PHOTOGRAPH} <= set(criterion):
        raise typer.BadParameter("pi and pi_photograph never stand in one table.")
    if run and criterion and Criterion.PI_PHOTOGRAPH in criterion:
        raise typer.BadParameter("pi_photograph is asked of packs alone, not with --run.")
    if question == "stage" and grades is None:
        raise typer.BadParameter("--question stage goes with --grades.")
    if predictions:
        outputs.check_file(predictions, is_table_of_predictions)
    if report:
        outputs.check_folder(report)
    told = _Outputs(question, predictions, report, as_json)
    with work(quiet) as task:
        if grades is not None:
            asked, on = _pack(pack, question), device_setting(device)
            if against:
                _two_packs(grades, (asked, _pack(against, question)), on, told, task)
            else:
                judge = _stages if question == "stage" else _against_grades
                judge(grades, asked, on, told, task, _unseen(asked, unseen))
            return
        from engine.cohort.heatmaps import FromFiles, FromPack, Heatmaps
        from engine.evaluation import lesion_sets
        from engine.evaluation.lesion_level import Detector, Protocol

        found = lesion_sets.find(lesions or Path())
        source: Heatmaps
        fold_of: Mapping[str, int] = {}
        if run:
            from engine.reproduction import from_runs

            card = _torch_device(device)
            source, fold_of = from_runs.heatmaps(run, found, criterion or (), card)
        elif maps is not None:
            source = FromFiles(maps, grid)
        else:
            asked = _pack(pack, question)
            on = device_setting(device)
            source = FromPack(asked, criterion or (), on, _unseen(asked, unseen))
        protocol = Protocol(
            Detector(detections), smoothing, lesion_threshold, merge, ignore_uncertain
        )
        if fold_of and protocol.detector is not Detector.PEAKS:
            raise typer.BadParameter("--run goes with --detections peaks: folds differ in scale.")
        _against_lesions(found, source, protocol, told, task, fold_of)


@app.command()
def screen(
    folder: Annotated[Path, typer.Argument(help="A folder of photographs; its subfolders, too.")],
    question: Annotated[Literal["retinopathy", "stage"], typer.Option(help="What is asked.")],
    out: Annotated[Path, typer.Option(help="OUT.csv, a row for each; gone on with if there.")],
    heatmaps: Annotated[
        Path | None, typer.Option(help="A folder for NAME.npy, float32 on the photograph's grid.")
    ] = None,
    criterion: Annotated[
        Criterion | None,
        typer.Option(help="How heatmaps are drawn; the pack's usual one if none is named."),
    ] = None,
    pack: Annotated[str, typer.Option(help="A pack's name, NAME@VERSION, or its folder.")] = "",
    device: Device = "",
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Many photographs, one row each, written as it is made; stopped, it goes on where it was."""
    with work(quiet) as task:
        from engine.cohort import answer_cells, screen_report
        from engine.cohort.screening import Order, screen

        asked = answer_cells.asked(question, _pack(pack, question), device_setting(device))
        order = Order(folder, out, heatmaps, asked.pack.criterion(criterion))
        found = screen(order, asked, task)
        said = f"{screen_report.in_words(order, found, asked)}\n{STRIP}"
        tell(screen_report.as_json(order, found, asked), said, as_json)


@dataclass(frozen=True)
class _Outputs:
    """Where the results go, beside stdout."""

    question: str
    predictions: Path | None
    report: Path | None
    as_json: bool

    def tell(self, result: dict[str, Any], said: str) -> None:
        """Print the result, and what was written."""
        written = [f"Wrote {path}." for path in (self.predictions, self.report) if path]
        tell(
            {"question": self.question, **result}, "\n".join([said, *written, STRIP]), self.as_json
        )


def _against_grades(
    table: Path, pack: "Pack", device: str, told: _Outputs, task: "Task", unseen: "Unseen | None"
) -> None:
    from engine.cohort import grade_report, graded, grades

    rows = graded.read(table)
    if not told.predictions:
        grades.both_classes(rows)
    asked = grades.ask(table, rows, pack, device, task, unseen)
    if told.predictions:
        grades.write_predictions(told.predictions, asked)
    found = grades.figures(asked)
    if told.report:
        grade_report.write(told.report, asked, found, pack)
    told.tell(grade_report.as_json(asked, found, pack), grade_report.in_words(asked, found, pack))


def _two_packs(
    table: Path, packs: "tuple[Pack, Pack]", device: str, told: _Outputs, task: "Task"
) -> None:
    from engine.cohort import graded, grades, two_packs, two_packs_report

    rows = graded.read(table)
    if not told.predictions:
        grades.both_classes(rows)
    asked = two_packs.ask(table, rows, packs, device, task)
    if told.predictions:
        two_packs.write_predictions(told.predictions, asked)
    found = two_packs.compare(packs, asked)
    if told.report:
        two_packs_report.write(told.report, found)
    told.tell(two_packs_report.as_json(found), two_packs_report.in_words(found))


def _stages(
    table: Path, pack: "Pack", device: str, told: _Outputs, task: "Task", unseen: "Unseen | None"
) -> None:
    from engine.cohort import graded, stage_report, stages

    asked = stages.ask(table, graded.read(table), pack, device, task, unseen)
    if told.predictions:
        stages.write_predictions(told.predictions, asked)
    found = stages.figures(asked)
    if told.report:
        stage_report.write(told.report, asked, found, pack)
    told.tell(stage_report.as_json(asked, found, pack), stage_report.in_words(asked, found, pack))


def _against_lesions(
    found: "LesionSet",
    source: "Heatmaps",
    protocol: "Protocol",
    told: _Outputs,
    task: "Task",
    fold_of: Mapping[str, int],
) -> None:
    from engine.cohort import lesion_report, lesions

    judged = lesions.judge(found, source, protocol, task)
    if fold_of:
        from engine.reproduction.unseen import comparable

        judged = comparable(judged, fold_of)
    if told.predictions:
        lesions.write_detections(told.predictions, judged)
    figures = lesions.figures(judged, protocol, task)
    if told.report:
        lesion_report.write(told.report, judged, figures, protocol, source.about)
    told.tell(
        lesion_report.as_json(judged, figures, protocol, source.about),
        lesion_report.in_words(judged, figures, protocol, source.about),
    )


def _unseen(pack: "Pack", wanted: bool) -> "Unseen | None":
    if not wanted:
        return None
    from engine.cohort.unseen import Unseen

    return Unseen(pack)


def _pack(name: str, question: str) -> "Pack":
    from engine.packs import store
    from engine.packs.pack import load

    return load(store.find(name, question))


def _torch_device(setting: str) -> "torch.device":
    import torch

    from engine.networks.device import choose

    return torch.device(choose(device_setting(setting)).name)
