"""The commands: parse, call, print; no logic."""

import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from engine.answers import Criterion, PackSummary
from engine.commands import cohort as cohort_commands
from engine.commands import joint as joint_commands
from engine.commands import outputs, printed
from engine.commands import phantom as phantom_commands
from engine.commands import picture as picture_commands
from engine.commands import reading as reading_commands
from engine.commands import reproduction as reproduction_commands
from engine.commands import stage as stage_commands
from engine.commands import training as training_commands
from engine.commands import truth as truth_commands
from engine.commands import visit as visit_commands
from engine.commands.console import (
    REFUSED,
    WRONG_USAGE,
    Device,
    Json,
    Quiet,
    device_setting,
    tell,
    warn,
    work,
)
from engine.telling import words
from engine.telling.answer_json import answer_json

if TYPE_CHECKING:
    from engine.packs.pack import Pack

app = typer.Typer(
    name="lesionlens",
    help="Shows what a network saw in a picture. Research use only. Not a medical device.",
    epilog="lesionlens PICTURE opens the window on a picture.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
packs_app = typer.Typer(help="Packs: trained models.", no_args_is_help=True)
app.add_typer(picture_commands.app)
app.add_typer(cohort_commands.app)
app.add_typer(reading_commands.app)
app.add_typer(visit_commands.app)
app.add_typer(training_commands.app)
app.add_typer(reproduction_commands.app, name="reproduce")
app.add_typer(packs_app, name="packs")
app.add_typer(phantom_commands.app, name="phantom")
audit_app = typer.Typer(help="What readers did, as it is kept.", no_args_is_help=True)
app.add_typer(audit_app, name="audit")

Question = Literal["retinopathy", "stage"]


@app.callback(invoke_without_command=True)
def _root(
    context: typer.Context,
    info: Annotated[bool, typer.Option("--info", help="Versions, device and folders.")] = False,
    version: Annotated[bool, typer.Option("--version", help="The version.")] = False,
    reset: Annotated[
        bool, typer.Option("--reset", help="Forget the settings and empty the cache; keep packs.")
    ] = False,
    as_json: Json = False,
) -> None:
    from engine.commands import housekeeping

    asked = version or info or reset
    if asked == bool(context.invoked_subcommand):  # both would print two objects, neither none
        context.fail("Name one command, or one of --info, --version and --reset.")
    with work(quiet=True):
        if version:
            tell({"version": housekeeping.version()}, housekeeping.version(), as_json)
        elif info:
            facts = housekeeping.facts()
            tell(facts, "\n".join(f"{name:<28}{value}" for name, value in facts.items()), as_json)
        elif reset:
            done = housekeeping.reset()
            tell({"done": list(done)}, "\n".join(done), as_json)


@app.command()
def analyse(
    picture: Annotated[Path, typer.Argument(help="A photograph of an eye.")],
    question: Annotated[Question, typer.Option(help="What is asked.")],
    pack: Annotated[str, typer.Option(help="A pack's name, NAME@VERSION, or its folder.")] = "",
    criterion: Annotated[
        Criterion | None,
        typer.Option(help="How the heatmap is drawn; the pack's usual one if none is named."),
    ] = None,
    heatmap: Annotated[
        Path | None,
        typer.Option(help="OUT.png, the annotated picture, or OUT.npy, the values on its grid."),
    ] = None,
    regions: Annotated[
        bool, typer.Option("--regions", help="Also the regions the model looked at, and where.")
    ] = False,
    truth: Annotated[
        bool, typer.Option("--truth", help="Also whether the heatmap is true: curves, measures.")
    ] = False,
    truth_figure: Annotated[
        Path | None,
        typer.Option(help="OUT.png or OUT.svg: the check's figure; its numbers go beside it."),
    ] = None,
    marked: Annotated[
        Path | None, typer.Option(help="A mask of the lesions, not black where they are.")
    ] = None,
    device: Device = "",
    checkpoint: Annotated[str, typer.Option(help="One of the pack's, asked alone.")] = "",
    stage: stage_commands.Place = None,
    others: joint_commands.Others = None,
    other_eye: joint_commands.OtherEye = None,
    examination: joint_commands.Examination = False,
    context: joint_commands.Context = None,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """One picture, one answer; or one of both eyes, or of an examination."""
    from engine.findings.landmarks import with_caution
    from engine.followup.eyes_near import in_force
    from engine.images.photograph import open_picture
    from engine.packs import store
    from engine.packs.pack import load
    from engine.questions import retinopathy

    if heatmap and heatmap.suffix.lower() not in {".png", ".npy"}:
        raise typer.BadParameter(f"{heatmap.name} ends in neither .png nor .npy.")
    if heatmap and outputs.same(heatmap, picture):
        raise typer.BadParameter(f"{heatmap.name} is the photograph, which is never written over.")
    for each in joint_commands.heatmap_files(heatmap, 1 + len(others or ()) + bool(other_eye)):
        outputs.check_heatmap(each)
    truth_commands.check_options(picture, truth_figure, marked)
    several = others or other_eye or examination or context
    if question == "stage":
        alone = {
            "more than one photograph": several,
            "--regions": regions,
            "--truth": truth,
            "--truth-figure": truth_figure,
            "--marked": marked,
            "--checkpoint": checkpoint,
        }
        if named := [name for name, given in alone.items() if given]:
            raise typer.BadParameter(f"--question stage does not go with {', '.join(named)}.")
        stage_commands.check_options(stage, heatmap)
        stage_commands.analyse(picture, pack, criterion, heatmap, stage, device, as_json, quiet)
        return
    if stage is not None:
        raise typer.BadParameter("--stage goes with --question stage.")
    if several:
        if regions or checkpoint:
            raise typer.BadParameter("--regions and --checkpoint are for one photograph alone.")
        if truth or truth_figure or marked:
            raise typer.BadParameter("--truth is for one photograph alone.")
        group = joint_commands.group_of(picture, others, other_eye, examination, context, heatmap)
        joint_commands.analyse(group, pack, criterion, heatmap, device, as_json, quiet)
        return
    with work(quiet) as task:
        known = in_force(open_picture(picture), picture, task)
        photograph = known.photograph
        chosen = load(store.find(pack, question))
        setting = device_setting(device)
        answer, found = retinopathy.answer(photograph, chosen, criterion, setting, task, checkpoint)
        answer = with_caution(photograph, answer)
        file = printed.write_heatmap(heatmap, photograph, answer, found) if heatmap else None
        result = answer_json(answer, found, file) | {"eye": printed.eye_json(known)}
        more = [*printed.eye_words(known)]
        if regions:
            from engine.reports import looked_at

            seen = looked_at.look(photograph, answer, found, chosen.manifest.lesion_threshold)
            result |= seen.json
            more += seen.lines
        if truth or truth_figure or marked:
            checked = truth_commands.check(
                photograph, answer, chosen, setting, marked, truth_figure, task, checkpoint
            )
            result |= checked.json
            more += checked.lines
        tell(result, printed.answer_words(answer, file, more), as_json)


@packs_app.command("list")
def list_packs(as_json: Json = False, quiet: Quiet = False) -> None:
    """The packs on this computer."""
    from engine.packs import store

    with work(quiet):
        found = store.list_packs()
        tell({"packs": [asdict(pack) for pack in found]}, _table(found), as_json)


@packs_app.command("show")
def show_pack(pack: str, as_json: Json = False, quiet: Quiet = False) -> None:
    """A pack's card."""
    from engine.packs import store
    from engine.packs.pack import load

    with work(quiet):
        found = load(store.find(pack))
        card = (found.folder / "card.md").read_text(encoding="utf-8")
        tell({**_pack_json(found), "card": card}, card, as_json)


@packs_app.command("import")
def import_pack(path: Path, as_json: Json = False, quiet: Quiet = False) -> None:
    """Check a pack and copy it into the user's pack folder."""
    from engine.packs import store

    with work(quiet):
        pack = store.install(path)
        said = f"Installed {_pack_words(pack)} in {pack.folder}. Its seal is {pack.sha256}."
        tell(_pack_json(pack), said, as_json)


@packs_app.command("export")
def export_pack(pack: str, out: Path, as_json: Json = False, quiet: Quiet = False) -> None:
    """Write a pack as one .llpack file."""
    from engine.packs import store
    from engine.packs.pack import load

    with work(quiet):
        found = load(store.find(pack))
        file = store.export(found, out)
        said = f"Wrote {_pack_words(found)} to {file}. Its seal is {found.sha256}."
        tell({**_pack_json(found), "file": str(file)}, said, as_json)


@packs_app.command("remove")
def remove_pack(pack: str, as_json: Json = False, quiet: Quiet = False) -> None:
    """Take an installed pack, NAME or NAME@VERSION, off this computer; those that ship stay."""
    from engine.packs import removing

    with work(quiet):
        gone = removing.remove(pack)
        told = {"name": gone.name, "version": gone.version, "sha256": gone.sha256}
        said = f"Removed {gone.name} {gone.version} from {gone.path}."
        tell({**told, "folder": gone.path}, said, as_json)


@packs_app.command("check")
def check_pack(pack: str, as_json: Json = False, quiet: Quiet = False) -> None:
    """Check every file of a pack against its manifest, and its weights against its network."""
    from engine.packs import seals, store
    from engine.packs.pack import load

    with work(quiet):
        found = load(store.find(pack))
        found.network()
        for checkpoint in found.manifest.checkpoints:
            found.network(checkpoint.name)
        for forest in found.manifest.forests:
            found.forest(forest)
        said = f"{_pack_words(found)} is whole: each file is as its manifest says."
        told = {**_pack_json(found), "comes_with_lesionlens": seals.is_of_shipped(found.sha256)}
        tell(told, f"{said} {seals.told(found.sha256)}", as_json)


@audit_app.command("verify")
def audit_verify(as_json: Json = False, quiet: Quiet = False) -> None:
    """Check that every event is as it was written, and that none was taken out."""
    from engine.records import audit

    with work(quiet):
        found = audit.verify()
        tell(asdict(found), found.words, as_json)
        found.raise_if_broken()


@app.command()
def bench(
    name: Annotated[
        Literal[
            "heatmap",
            "startup",
            "pan",
            "scroll",
            "load",
            "sparsity",
            "browse",
            "training",
            "stages",
            "answer",
            "all",
        ],
        typer.Argument(),
    ],
    data: Annotated[
        Path | None,
        typer.Option(
            help="load: the folder of one more series to measure. browse: a folder with forty "
            "photographs of 4288 x 2848; “all” leaves it out."
        ),
    ] = None,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Speed, as a ratio to a named reference in the same run."""
    from engine.bench import benches

    with work(quiet) as task:
        found = benches.run(name, task, data)
        tell(found, "\n".join(f"{key:<20}{value}" for key, value in found.items()), as_json)


def main(arguments: Sequence[str]) -> int:
    """Run a subcommand and return its exit code."""
    try:
        app(args=list(arguments), prog_name="lesionlens", standalone_mode=True)
    except SystemExit as left:
        return left.code if isinstance(left.code, int) else WRONG_USAGE
    except Exception as fault:
        from engine.commands import housekeeping

        where = housekeeping.keep_report(fault)
        warn(f"Something went wrong here, and it is our fault. {where}")
        return REFUSED
    return 0


def _pack_json(pack: "Pack") -> dict[str, Any]:
    manifest = pack.manifest
    return {**asdict(pack.reference), "question": manifest.question, "path": str(pack.folder)}


def _pack_words(pack: "Pack") -> str:
    return f"{pack.manifest.name} {pack.manifest.version} ({pack.sha256[:8]})"


def _table(packs: Sequence[PackSummary]) -> str:
    rows = [
        f"{pack.name:<28}{pack.version:<10}{pack.question:<14}"
        + ": ".join(filter(None, (words.whose(pack, packs), pack.fault or pack.title)))
        for pack in packs
    ]
    return "\n".join(rows) or "No pack is installed."


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
