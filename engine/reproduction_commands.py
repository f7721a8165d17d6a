"""Commands that fill a paper's tables and draw its figures again."""

from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Literal

import typer

from engine.console import Json, Quiet, tell, work
from engine.words import STRIP

app = typer.Typer(help="A paper's tables and figures, from your data.", no_args_is_help=True)


class NetworkName(StrEnum):
    """The paper's networks."""

    NET_A = "net_a"
    NET_B = "net_b"
    ALEXNET = "alexnet"


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
    device: Annotated[
        str, typer.Option(help="automatic, processor, or a card such as cuda:0.")
    ] = "",
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Tables 2 to 4 and Figures 5 to 8 of Quellec et al. 2017, beside what is printed."""
    with work(quiet) as task:
        import torch

        from engine import settings
        from engine.networks.device import choose
        from engine.reproduction import material, quellec
        from engine.reproduction import recipe as recipes

        on = torch.device(choose(device or settings.load().settings.device).name)
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
