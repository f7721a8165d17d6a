"""The command that writes what readers signed."""

from pathlib import Path
from typing import Annotated

import typer

from engine.commands import outputs
from engine.commands.console import Json, Quiet, tell, work

app = typer.Typer()


@app.command()
def readings(
    out: Annotated[Path, typer.Argument(help="OUT.csv: a row for each signed reading.")],
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Write what readers signed: eye, form, mode and the model's word at the time."""
    from engine.records import readings_table

    if out.suffix.lower() != ".csv":
        raise typer.BadParameter(f"{out.name} does not end in .csv.")
    outputs.check_file(out, readings_table.is_one)
    with work(quiet):
        count = readings_table.write(out)
        tell({"file": str(out), "rows": count}, f"Wrote {count} signed readings to {out}.", as_json)
