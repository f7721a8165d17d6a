"""The tables that the cards of retinopathy packs share: answers, their calibration, and maps."""

from collections.abc import Mapping
from math import isclose

from engine import run_notes, runs
from engine.evaluation.counted import counted as counted_share
from engine.evaluation.lesion_truth import EVALUATED
from engine.evaluation.roc import Method
from engine.packs.manifest import Manifest
from engine.training.lesions_judging import Areas, Judged, MaskFigures


def interval_of(manifest: Manifest, method: str) -> str:
    """Whose interval that of the card's A_z is: ``method``, as the run tells.

    One of before does not, but its ends do: DeLong's reaches as far up as down, unless it is cut
    off at 0 or 1; Newcombe's does so at an area of 0.5 alone.
    """
    if method:
        return method
    area, (low, high) = manifest.figures.area, manifest.figures.area_interval
    even = isclose(high - area, area - low, abs_tol=1e-9)
    cut = low == 0 < area or high == 1 > area
    if isclose(area, 0.5, abs_tol=1e-9):
        return "DeLong or Newcombe"
    return Method.DELONG if even or cut else Method.NEWCOMBE


def counted(together: bool) -> str:
    """How the photographs of a patient count in the interval of A_z."""
    if together:
        return (
            "the interval of A_z takes those of a patient together, those of sensitivity and "
            "specificity do not"
        )
    return "each counted as independent of the others"


def rate(found: int, total: int) -> str:
    """A share of what was counted, with its exact interval."""
    share = counted_share(found, total)
    low, high = share.interval.low, share.interval.high
    return (
        f"{share.share:.0%}, {found} of {total}, {share.interval.level:.0%} interval {low:.0%} to "
        f"{high:.0%}"
    )


def rate_of(share: float, cases: int) -> str:
    """A share of so many cases, with its exact interval; by itself where these are not known."""
    return rate(round(share * cases), cases) if cases else f"{share:.0%}"


def error(value: float, by_chance: float | None, what: str) -> str:
    """The calibration error of ``what`` it was fitted on, beside what chance would leave.

    Runs of before do not tell the latter.
    """
    fitted = f"{value:.3f} (fitted on these {what}"
    if by_chance is None:
        return f"{fitted})"
    return f"{fitted}; right probabilities have up to {by_chance:.3f} by chance)"


def chance(manifest: Manifest) -> str:
    """That nothing was learnt that pictures not learnt from show; empty where something was."""
    figures, stages = manifest.figures, manifest.stages
    if stages is None:
        return run_notes.chance(runs.of_area(figures.area, figures.area_interval))
    return run_notes.chance(
        runs.of_stages(stages.figures.quadratic_kappa, stages.figures.kappa_interval)
    )


def answers(judged: Judged) -> str:
    """Who was called what at the operating point, and how far a probability was right."""
    return f"{_confusion(judged)}\n\n{_calibrated(judged)}"


def maps(judged: Judged, called: Mapping[str, str], shipped: str, taught: str) -> str:
    """The section on maps, empty where none were measured.

    ``called`` is what a reader calls a column of the record; ``shipped`` what ships, ``taught`` the
    part of it that photographs taught.
    """
    masks = judged.masks
    if masks is None:
        return ""
    heads = " | ".join(map(str, EVALUATED))
    rows = [f"| {called.get(name, name)} | {_cells(areas)} |" for name, areas in masks.apart]
    counts = ", ".join(f"{count} {kind}" for kind, count in masks.lesions)
    seen = ", *seen in training*" if masks.seen else ""
    table = "\n".join(
        [
            f"| map | mean | {heads} |",
            f"|---|---|{'---|' * len(EVALUATED)}",
            *rows,
            f"| {shipped}{seen} | {_cells(masks.shipped)} |",
        ]
    )
    return f"""## How right its maps are
Limited FROC areas (peaks, up to 10 false positives a photograph, other lesions ignored, none
merged; 95 % intervals of 1000 draws of photographs) on {masks.pictures} photographs with
marked lesions: {counts}. Each was told by one network that had learnt nothing from its patient.

{table}

{_about_seen(masks, taught)}

"""


def _confusion(judged: Judged) -> str:
    rows = [
        f"| {name} | {called} | {missed} |"
        for name, (called, missed) in zip(
            ("referable", "not referable"), judged.confusion, strict=True
        )
    ]
    return "\n".join(
        ["| at the operating point | called referable | not called |", "|---|---|---|", *rows]
    )


def _calibrated(judged: Judged) -> str:
    """What was said against what was found, in ten parts of equal count."""
    rows = [f"| {said:.2f} | {true:.2f} | {count} |" for said, true, count in judged.calibrated]
    return "\n".join(
        ["| probability said (mean) | share referable | photographs |", "|---|---|---|", *rows]
    )


def _about_seen(masks: MaskFigures, taught: str) -> str:
    if not masks.seen:
        return "No network that ships learnt from the patients of these photographs."
    return (
        f"“Seen in training”: photographs of the patients of {masks.seen} of these taught "
        f"{taught}, by their grades; marked lesions taught none."
    )


def _cells(areas: Areas) -> str:
    return " | ".join(
        "none" if area is None else f"{area[0]:.3f} ({area[1]:.3f} to {area[2]:.3f})"
        for area in areas
    )
