"""A report as a folder: report.md, its curves as PNG and its tables as CSV."""

from collections.abc import Sequence
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path

from engine.answers import Interval
from engine.errors import Refusal
from engine.evaluation.counted import FEW, Counted
from engine.folders import NAME as PROGRAM
from engine.folders import write_bytes
from engine.packs.pack import Pack
from engine.telling import words

NAME = "report.md"


def folder(path: Path) -> Path:
    """Make the report's folder. Raises ``Refusal`` if that cannot be."""
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as fault:
        raise Refusal(
            f"The report {path.name} was not written.",
            f"The system said: {fault.strerror}.",
            "Name another folder.",
        ) from fault
    return path


def write(path: Path, title: str, parts: Sequence[str]) -> Path:
    """Write report.md into a folder: title, notice, what made it and when, and then the parts."""
    page = path / NAME
    made = f"LesionLens {metadata.version(PROGRAM)}, {datetime.now(UTC):%Y-%m-%d}."
    head = [f"# {title}", f"**{words.STRIP}**", made]
    text = "\n\n".join([*head, *(part for part in parts if part)])
    write_bytes(page, f"{text}\n".encode())
    return page


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table in Markdown."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def bullets(sentences: Sequence[str]) -> str:
    """A list in Markdown."""
    return "\n".join(f"- {sentence}" for sentence in sentences)


def rate(share: float) -> str:
    """A share of what was counted, where none and all are sure: "0 %", "63 %"."""
    return f"{100 * share:.0f}{words.THIN}%" if share in (0, 1) else words.percent(share)


def counted(share: Counted) -> str:
    """A share by its counts, with its interval: "8 of 8, 100 % (63 to 100 %)"."""
    interval = share.interval
    low, high = rate(interval.low).removesuffix(f"{words.THIN}%"), rate(interval.high)
    return f"{share.found} of {share.total}, {rate(share.share)} ({low} to {high})"


def few(least: int, what: str) -> list[str]:
    """A sentence where there are too few of something for figures that tell much; else none."""
    if least >= FEW:
        return []
    return [
        f"With fewer than {FEW} {what} the figures tell little: go by their intervals, and expect "
        "other figures on other photographs."
    ]


def independent(figures: str, repeated: bool) -> list[str]:
    """A sentence where patients have several photographs and intervals do not go by patients."""
    if not repeated:
        return []
    return [
        f"{figures} takes each photograph as independent; some patients have several, so it may "
        "be too narrow."
    ]


def few_of_a_class(least: int, patients_told: bool) -> list[str]:
    """The same of the smaller class: its patients, where they are told, else its photographs."""
    return few(least, f"{'patients' if patients_told else 'photographs'} of a class")


def figure(value: float, interval: Interval) -> str:
    """An area with its interval: "0.512 (0.480 to 0.544)"."""
    low, high = ends(interval)
    told = "no interval: all draws agree" if low is None else f"{low:.3f} to {high:.3f}"
    return f"{value:.3f} ({told})"


def ends(interval: Interval) -> list[float | None]:
    """An interval's two ends, as JSON has them; None where all draws agree.

    decided: that every draw of a few photographs has the same figure says nothing of others.
    """
    return [None, None] if interval.low == interval.high else [interval.low, interval.high]


def pack_line(pack: Pack, devices: str) -> str:
    """Which pack was asked, and on what."""
    manifest = pack.manifest
    return f"Pack {words.pack_words(pack.reference)}, {manifest.title}, on {devices}."
