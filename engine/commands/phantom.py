"""Commands that draw pictures whose truth is known."""

from pathlib import Path
from typing import Annotated

import typer

from engine.commands.console import Json, Quiet, tell, work

app = typer.Typer(help="Drawn pictures whose truth is known.", no_args_is_help=True)


@app.command("eye")
def eye(
    out: Annotated[Path, typer.Argument(help="OUT.png; its truth is written beside it.")],
    seed: Annotated[int, typer.Option(min=0, help="Which of the many eyes.")] = 1,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """A drawn eye, with a mask for each kind of lesion."""
    from engine.phantoms import eye_files

    with work(quiet):
        written = [str(path) for path in eye_files.write(out, seed)]
        tell({"files": written}, "\n".join(written), as_json)


@app.command("volume")
def volume(
    out: Annotated[
        Path, typer.Argument(help="OUT.nii.gz, or a folder for DICOM; its truth lies beside it.")
    ],
    seed: Annotated[int, typer.Option(min=0, help="Which of the many volumes.")] = 1,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """A drawn oblique volume with rods and balls of known size."""
    from engine.phantoms import volume_files

    with work(quiet):
        written = [str(path) for path in volume_files.write(out, seed)]
        tell({"files": written}, "\n".join(written), as_json)


@app.command("patient")
def patient(
    out: Annotated[Path, typer.Argument(help="A new folder for the photographs.")],
    seed: Annotated[int, typer.Option(min=0, help="Which of the many patients.")] = 1,
    visits: Annotated[int, typer.Option(min=1, max=40, help="How often the patient came.")] = 6,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """A drawn patient: both eyes at several visits, worsening at known places."""
    from engine.phantoms import patient_files

    with work(quiet) as task:
        written = [str(path) for path in patient_files.write(out, seed, task, visits=visits)]
        tell({"files": written}, "\n".join(written), as_json)


@app.command("eyes")
def eyes(
    out: Annotated[Path, typer.Argument(help="A new folder for the photographs.")],
    count: Annotated[int, typer.Option(min=1, help="Grades 0 to 4 take turns.")] = 300,
    seed: Annotated[int, typer.Option(min=0, help="Other eyes for every number.")] = 1,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Many drawn eyes with a table of their grades, to learn from."""
    from engine.phantoms import eyes_files

    with work(quiet) as task:
        *_, table, truth = eyes_files.write(out, seed, count, task)
        told = {"eyes": count, "table": str(table), "truth": str(truth)}
        tell(told, f"Drew {count} eyes, their grades in {table}.", as_json)
