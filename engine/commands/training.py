"""The commands about training: check the pictures, train, stop, go on, ship."""

import os
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import msgspec
import typer

from engine import runs as watching
from engine.commands.console import Device, Json, Quiet, device_setting, tell, warn, work
from engine.errors import Refusal
from engine.telling.words import percent

if TYPE_CHECKING:
    from engine.packs.pack import Pack
    from engine.runs import Check

app = typer.Typer()

Referable = Annotated[
    list[str] | None,
    typer.Option(
        help="A class that is referable; once for each. As their names tell if not given."
    ),
]
Background = Annotated[bool, typer.Option(help="Give way to whatever else the computer does.")]
Run = Annotated[Path, typer.Argument(help="A run folder.")]


@app.command()
def check(
    folder: Annotated[Path, typer.Argument(help="A subfolder for each class, or a table.")],
    referable: Referable = None,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """What a folder holds that could be trained on."""
    from engine.training import data

    with work(quiet) as task:
        found = data.check_folder(Path(os.path.realpath(folder)), referable or (), task)
        tell(msgspec.to_builtins(found), check_words(found), as_json)


@app.command()
def train(
    plan: Annotated[
        Path | None, typer.Argument(help="A plan, a TOML file; a quick one if not given.")
    ] = None,
    data: Annotated[
        Path | None,
        typer.Option(help="The pictures: a subfolder a class, or beside a table of grades."),
    ] = None,
    referable: Referable = None,
    name: Annotated[str, typer.Option(help="What the pack is called; the folder's name.")] = "",
    network: Annotated[Literal["net_a", "net_b"], typer.Option()] = "net_b",
    size: Annotated[Literal[448, 224, 112], typer.Option(help="Pixels.")] = 112,
    passes: Annotated[
        int, typer.Option(min=0, help="Passes over the pictures; 0: 30, more for few pictures.")
    ] = 0,
    sparsity: Annotated[float, typer.Option(min=0, help="ν of the sparsity term.")] = 0.0,
    phantoms: Annotated[int, typer.Option(min=0, help="Drawn eyes to begin with.")] = 0,
    out: Annotated[Path, typer.Option(help="Where run folders are made.")] = Path("runs"),
    run: Annotated[Path | None, typer.Option(help="The run folder itself.")] = None,
    finished: Annotated[
        Path | None,
        typer.Option("--from", help="A finished run whose checkpoints the plan joins."),
    ] = None,
    device: Device = "",
    background: Background = False,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Train a network: a run folder, and at its end a pack.

    The options of a quick plan are for a folder without one: docs/training.md tells them apart.
    """
    from engine.training import carry_out
    from engine.training.quick import Wishes

    if plan is None and data is None:
        raise typer.BadParameter("Name a plan, or a folder with --data.")
    if finished is not None and plan is None:
        raise typer.BadParameter("--from needs a plan with an ensemble.")
    if finished is not None and (data is not None or run is not None):
        raise typer.BadParameter("--from works in that run and on its data: no --data, no --run.")
    if background:
        give_way()
    new = run is None or not os.path.exists(run)  # noqa: PTH110 - takes names that are too long
    if finished is not None and plan is not None:
        _join(finished, plan, device, as_json, quiet)
        return
    if plan is not None:
        with work(quiet):
            begun = carry_out.begin(plan, data, out, run)
    else:
        assert data is not None
        wishes = Wishes(network, size, passes, sparsity, phantoms, name, tuple(referable or ()))
        with work(quiet) as task:
            begun = carry_out.begin_quickly(data, wishes, out, run, task)
    _carry_out(begun.folder, device, as_json, quiet, new=new)


def _join(run: Path, plan: Path, device: str, as_json: bool, quiet: bool) -> None:
    from engine.training import carry_out

    with work(quiet) as task:
        setting = device_setting(device)
        pack = carry_out.join(run, plan, setting, task)
        areas = {str(part.asks): part.figures.area for part in pack.manifest.forests}
        said = ", ".join(f"{asks} {area:.3f}" for asks, area in areas.items())
        words = (
            f"The pack is in {pack.folder}: A_z out of fold {pack.manifest.figures.area:.3f} by "
            f"the network alone; by forests: {said}."
        )
        tell({"run": str(run), "pack": _pack_json(pack), "areas": areas}, words, as_json)


@app.command()
def resume(
    run: Run,
    device: Device = "",
    background: Background = False,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Go on with a run that was stopped or killed, or is paused."""
    with work(quiet):
        state = watching.status(run).state
        if state == "paused":
            watching.take_back(run, watching.PAUSE)
            tell({"run": str(run), "state": "running"}, "It goes on.", as_json)
            return
        if state == "stopping":
            raise Refusal(
                f"The run in {run.name} is still stopping.",
                "Its process ends with its next batch.",
                "Go on with it once it has ended: lesionlens runs FOLDER tells.",
            )
        _forget_last(run)
    if background:
        give_way()
    _carry_out(run, device, as_json, quiet)


@app.command()
def pause(run: Run, as_json: Json = False, quiet: Quiet = False) -> None:
    """Let a run that goes on wait, until it is resumed."""
    _ask(run, watching.PAUSE, "It waits, from its next batch on.", as_json, quiet)


@app.command()
def stop(run: Run, as_json: Json = False, quiet: Quiet = False) -> None:
    """Stop a run that goes on; one with a held-out part keeps its best round as a pack."""
    from engine.training.asked import left_by_a_stop

    words = f"It stops with its next batch. {left_by_a_stop(run)}"
    _ask(run, watching.STOP, words, as_json, quiet)


@app.command()
def runs(
    folder: Annotated[Path, typer.Argument(help="Where run folders lie.")] = Path("runs"),
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """The runs in a folder, and where each stands."""
    from engine.training.run import listed

    with work(quiet):
        if not folder.is_dir():
            raise Refusal(
                "No run was looked for.",
                f"There is no folder {folder}.",
                "Name the folder that run folders lie in.",
            )
        found = [{"run": str(run.folder), **run.status()} for run in listed(folder)]
        wide = max((len(row["run"]) for row in found), default=0)
        rows = [f"{row['run']:<{wide}}  {row['state']:<11}  {row['part']}" for row in found]
        tell({"runs": found}, "\n".join(rows) or "There is no run.", as_json)


@app.command()
def ship(
    run: Run,
    name: Annotated[str, typer.Option(help="Latin letters, digits and - . _ +")],
    intended_use: Annotated[str, typer.Option(help="What it is for; stands in its card.")],
    version: Annotated[str, typer.Option(help="Numbers parted by dots.")] = "1.0.0",
    title: Annotated[str, typer.Option(help="What readers see; the name if not given.")] = "",
    licence: Annotated[str, typer.Option()] = "",
    anyway: Annotated[
        bool, typer.Option("--anyway", help="Though its held-out pictures speak against it.")
    ] = False,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Make a finished run's pack known to the window, under a name and an intended use."""
    from engine.training import ship as shipping

    with work(quiet):
        pack = shipping.ship(run, name, version, title, intended_use, licence, anyway=anyway)
        words = f"{pack.manifest.name} {pack.manifest.version} can be chosen now: {pack.folder}"
        tell(_pack_json(pack), words, as_json)


def give_way() -> None:
    """Let this process have what others leave: reading comes first."""
    if sys.platform == "win32":
        import ctypes

        below_normal = 0x4000
        kernel = ctypes.windll.kernel32
        kernel.SetPriorityClass(kernel.GetCurrentProcess(), below_normal)
    else:
        os.nice(10)


def check_words(found: "Check") -> str:
    """A check as it is printed."""
    meaning = {True: "referable", False: "not referable", None: "not told by its name"}
    lines = [f"{found.pictures} pictures of {found.patients} patients in {found.folder}"]
    lines += [
        f"  {each.name:<28}{each.pictures:>6}  {meaning[each.referable]}" for each in found.classes
    ]
    if found.undecided:
        lines.append("Say which classes are referable: --referable NAME")
    lines += [found.refusal] if found.refusal else []
    lines += [*found.warnings, *(f"  {each.name}: {each.why}" for each in found.left_out[:20])]
    return "\n".join(lines)


def _ask(run: Path, what: str, words: str, as_json: bool, quiet: bool) -> None:
    with work(quiet):
        if not watching.status(run).going_on:
            raise Refusal(
                "The run was not asked.",
                f"No process works on {run.name}.",
                "lesionlens runs FOLDER tells where each run stands.",
            )
        watching.ask(run, what)
        tell({"run": str(run), "asked": what}, words, as_json)


def _forget_last(folder: Path) -> None:
    """Take back what was asked of a run's last process. Raises ``Refusal``."""
    from engine.training.run import Run

    run = Run.open(folder)
    with run.held():  # what was asked of a process that still works stands
        for asked in (watching.STOP, watching.PAUSE):
            watching.take_back(folder, asked)


def _carry_out(folder: Path, device: str, as_json: bool, quiet: bool, *, new: bool = False) -> None:
    """Carry a run out; a ``new`` one that is refused before it learnt leaves no folder."""
    if not quiet:
        warn(f"Run folder: {folder}. If it is stopped: lesionlens resume {folder}")
    with work(quiet) as task:
        from engine.training import carry_out

        try:
            pack = carry_out.carry_out(folder, device_setting(device), task)
        except Refusal:
            if new:
                carry_out.forget_unlearnt(folder)
            raise
        words = f"The pack is in {pack.folder}: {measured_words(pack)}"
        tell({"run": str(folder), "pack": _pack_json(pack)}, words, as_json)


def measured_words(pack: "Pack") -> str:
    """What a finished pack was measured to be worth, and whether that flatters."""
    manifest = pack.manifest
    figures, stages = manifest.figures, manifest.stages
    found, level, (low, high) = f"A_z {figures.area:.3f}", figures.level, figures.area_interval
    if stages is not None:
        found = f"a quadratic kappa of {stages.figures.quadratic_kappa:.3f}"
        level, (low, high) = stages.figures.level, stages.figures.kappa_interval
    interval = f"{low:.3f} to {high:.3f}, {percent(level)} interval"
    said = f"{found} ({interval}) on pictures not learnt from."
    if manifest.held is not None:
        said += " Its best round was chosen on these same pictures, so the figure flatters."
    elif _followed(pack):
        said += (
            " Each fold's rate of learning followed its A_z on these same pictures, so the figure "
            "flatters."
        )
    return said


def _followed(pack: "Pack") -> bool:
    """Whether networks of a cross-validation were taught by what they were measured on."""
    from engine.training import plan as plans

    text = plans.read_text(pack.folder / "plan.toml")
    if plans.recipe_of(text) != pack.manifest.recipe or pack.manifest.recipe != "retinopathy":
        return False
    return plans.parse(text, "plan.toml").optimisation.schedule == "plateau"


def _pack_json(pack: "Pack") -> dict[str, Any]:
    manifest = pack.manifest
    return {**asdict(pack.reference), "question": manifest.question, "path": str(pack.folder)}
