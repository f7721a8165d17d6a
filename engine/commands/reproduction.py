"""Commands that fill a paper's tables and draw its figures again."""

from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Literal

import typer

from engine.commands.console import Device, Json, Quiet, device_setting, tell, work
from engine.telling.words import STRIP

app = typer.Typer(help="A paper's tables and figures, from your data.", no_args_is_help=True)


class NetworkName(StrEnum):
    """The paper's networks."""

    NET_A = "net_a"
    NET_B = "net_b"
    ALEXNET = "alexnet"


class BackboneName(StrEnum):
    """Vision networks that stages are learnt with."""

    SMALL_112 = "small_112"
    SMALL_224 = "small_224"
    NET_B_224 = "net_b_224"
    NET_B_448 = "net_b_448"
    INCEPTION_V3 = "inception_v3"
    RESNET50 = "resnet50"


class ArmName(StrEnum):
    """Ways of training that are compared."""

    BASELINE = "baseline"
    CYCLIC = "cyclic"
    NONREGRESSION = "nonregression"
    SHUFFLED = "shuffled"
    IID = "iid"
    REVERSE = "reverse"
    NONREGRESSION_BALANCED = "nonregression_balanced"
    BASELINE_LR4 = "baseline_lr4"
    PROPOSED_NOLSTM = "proposed_noLSTM"
    CYCLIC_MEAN = "cyclic_mean"


@app.callback()
def _papers() -> None:
    """A paper's tables and figures, from your data."""


@app.command()
def quellec(
    data: Annotated[
        str,
        typer.Option(
            help="A folder with Kaggle's, IDRiD's or DiaretDB1's layout, or phantoms: drawn eyes."
        ),
    ],
    out: Annotated[
        Path, typer.Option(help="A folder for networks and report; gone on with if there.")
    ] = Path("quellec"),
    recipe: Annotated[
        Literal["quick", "paper"],
        typer.Option(help="quick: net B at 224 pixels, hours; paper: all of it, for a card."),
    ] = "quick",
    network: Annotated[
        list[NetworkName] | None, typer.Option(help="Only these; may be repeated.")
    ] = None,
    nu: Annotated[
        list[float] | None, typer.Option(min=0, help="Only these weights ν, and 0.")
    ] = None,
    eyes: Annotated[
        int | None, typer.Option(min=40, help="Drawn eyes to learn from, in the quick recipe.")
    ] = None,
    size: Annotated[
        Literal["448", "224", "112"] | None, typer.Option(help="Network pixels.")
    ] = None,
    pack: Annotated[
        str, typer.Option(help="Where there are no grades: the pack whose heatmaps are judged.")
    ] = "",
    device: Device = "",
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Tables 2 to 4 and Figures 5 to 8 of Quellec et al. 2017, beside what is printed."""
    with work(quiet) as task:
        import torch

        from engine.networks.device import choose
        from engine.reproduction import material, quellec
        from engine.reproduction import recipe as recipes

        on = torch.device(choose(device_setting(device)).name)
        asked = recipes.quick(drawn=data == material.PHANTOMS)
        count = eyes or asked.eyes
        if data == material.PHANTOMS:
            found = material.drawn(count, asked.seed, out / "eyes", task)
        else:
            found = material.find(Path(data))
        if found.learning is None:
            from engine.packs import store
            from engine.packs.pack import load

            page = quellec.by_pack(found, load(store.find(pack, "retinopathy")), out, on, task)
        else:
            if recipe == "paper":
                asked = recipes.paper(len(found.learning))
            asked = replace(
                asked,
                networks=tuple(map(str, network or asked.networks)),
                nus=tuple(sorted({0.0, *nu})) if nu else asked.nus,
                eyes=count,
                size=recipes.SIZES[size] if size else asked.size,
            )
            page = quellec.Reproduction(found, asked, out, on).carry_out(task)
        said = f"{page.in_words()}\n\nWrote {out / 'report.md'}.\n{STRIP}"
        tell({"report": str(out / "report.md"), **page.as_json()}, said, as_json)


@app.command()
def lao(
    data: Annotated[
        Path, typer.Option(help="A CSV with image and stage (or dr_grade); patient if known.")
    ],
    out: Annotated[
        Path, typer.Option(help="A folder for results and report; gone on with if there.")
    ] = Path("lao"),
    order: Annotated[
        str, typer.Option(help="Stages from first to last, + puts labels together: 0,1+2,3,4.")
    ] = "",
    image_column: Annotated[
        str, typer.Option(help="Where the table names its pictures, with or without an ending.")
    ] = "image",
    stage_column: Annotated[
        str, typer.Option(help="Where it tells the stage; else stage, dr_grade or grade.")
    ] = "",
    patient_column: Annotated[
        str | None,
        typer.Option(help="Where it tells the patient; else patient, patient_visit or patient_id."),
    ] = None,
    pictures: Annotated[
        Literal["eyes", "plain"], typer.Option(help="Photographs of an eye, or any pictures.")
    ] = "eyes",
    backbone: Annotated[BackboneName, typer.Option(help="The vision network.")] = (
        BackboneName.SMALL_112
    ),
    weights: Annotated[
        Path | None, typer.Option(help="Weights of the backbone to begin with, from a file.")
    ] = None,
    freeze: Annotated[
        Literal["none", "paper", "all"], typer.Option(help="What of the backbone stays as it is.")
    ] = "none",
    frozen_norms: Annotated[
        Literal["eval", "train"],
        typer.Option(help="Frozen batch-norms use the statistics they came with, or each batch's."),
    ] = "eval",
    z_activation: Annotated[
        Literal["relu", "none"], typer.Option(help="Behind the features that the LSTM is given.")
    ] = "relu",
    gates: Annotated[
        Literal["hard", "sigmoid"], typer.Option(help="Of the LSTM; hard ones are the paper's.")
    ] = "hard",
    arm: Annotated[list[ArmName] | None, typer.Option(help="Only these; may be repeated.")] = None,
    splits: Annotated[int, typer.Option(min=1, help="Random splits by patient.")] = 20,
    steps: Annotated[int, typer.Option(min=1, help="Batches in a pass.")] = 20,
    passes: Annotated[int, typer.Option(min=1, help="At most.")] = 40,
    learning_rate: Annotated[float, typer.Option(min=0)] = 1e-2,
    precision: Annotated[
        Literal["float32", "bfloat16"], typer.Option(help="Of products in training.")
    ] = "float32",
    keep: Annotated[
        Literal["best", "last"],
        typer.Option(help="The weights of the best pass on what is held out, or of the last."),
    ] = "best",
    monitor: Annotated[
        Literal["total", "first"],
        typer.Option(help="What the best pass is best in: the whole loss, or the first step's."),
    ] = "total",
    processes: Annotated[int, typer.Option(min=1, help="Trainings at once.")] = 1,
    device: Annotated[
        list[str] | None,
        typer.Option(help="automatic, processor, or a card such as cuda:0; several share it."),
    ] = None,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Tables I and II of disease progression learning, beside what is printed."""
    with work(quiet) as task:
        from engine.networks.backbones import FrozenNorms
        from engine.networks.device import choose
        from engine.networks.lstm import Gates
        from engine.progression import arms, table
        from engine.progression.experiment import Experiment
        from engine.progression.loop import Schedule
        from engine.reproduction.lao import carry_out
        from engine.training import grades

        asked = Experiment(
            backbone.value,
            tuple(map(str, arm)) if arm else tuple(each.name for each in arms.ARMS),
            splits,
            Schedule(
                steps=steps,
                passes=passes,
                learning_rate=learning_rate,
                keep=keep,
                monitor=monitor,
                precision=precision,
            ),
            gates=Gates(gates),
            freeze=freeze,
            frozen_norms=FrozenNorms(frozen_norms),
            rectified=z_activation == "relu",
            start="" if weights is None else str(weights.absolute()),
        )
        staged = table.read(
            data,
            order,
            image=image_column,
            column=stage_column,
            patient=patient_column,
            others="Name other columns by --image-column, --stage-column and --patient-column.",
        )
        patients = staged.staged.patients.tolist()
        grades.seal(data, staged.paths, patients, staged.lines)  # for what it refuses
        on = [choose(each).name for each in device or ["automatic"]]
        told = carry_out(
            staged, asked, out, task,
            eyes=pictures == "eyes", processes=max(processes, len(on)), devices=on,
        )  # fmt: skip
        said = f"{told.in_words()}\n\nWrote {out / 'report.md'}.\n{STRIP}"
        tell({"report": str(out / "report.md"), **told.as_json()}, said, as_json)
