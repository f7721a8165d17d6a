"""Figures 5 to 8, drawn from what was found; the paper's own curves are pictures, not numbers."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from engine.cohort import pages
from engine.cohort.lesions import Judged
from engine.evaluation import roc
from engine.evaluation.image_level import GROUPS, contains, image_level
from engine.evaluation.lesion_truth import LesionType
from engine.reports import annotated, curves
from engine.reproduction.printed import FIGURE_8, TITLES
from engine.reproduction.report import Figure

Values = NDArray[np.float64]


def figure_5(
    folder: Path,
    name: str,
    validated: Values,
    passes: Values,
    areas: Mapping[LesionType, Sequence[float]],
) -> Figure:
    """A_z and the lesion-level areas over the passes; ``validated`` is (k, 2): passes and A_z."""
    pages.folder(folder)
    title = f"Figure 5: {TITLES[name]} as it learns"
    says = [
        "Printed: A_z rises quickly to about 0.85, grows slowly, leaps to about 0.93 when "
        "haemorrhages are learnt, and reaches about 0.95; hard and soft exudates are found first, "
        "then haemorrhages, then small red dots.",
    ]
    files: list[str] = []
    if len(validated) > 1:
        line = curves.Line("A_z", validated[:, 0], validated[:, 1])
        end = float(validated[-1, 0])
        annotated.save(
            folder / "figure-5-area.png",
            curves.draw([line], f"{title}: photographs held back", "passes", "A_z", end),
        )
        files.append("figure-5-area.png")
        says.append(f"Here: A_z {validated[0, 1]:.3f} at first, {validated[-1, 1]:.3f} at the end.")
    known = {kind: np.array(each) for kind, each in areas.items() if not np.isnan(each).any()}
    if known and len(passes) > 1:
        highest = max(float(each.max()) for each in known.values())
        top = next((each for each in (0.05, 0.1, 0.25, 0.5) if each >= highest), 1.0)
        lines = [curves.Line(str(kind), passes, each) for kind, each in known.items()]
        annotated.save(
            folder / "figure-5-lesions.png",
            curves.draw(lines, f"{title}: area under FROC, π", "passes", "area", passes[-1], top),
        )
        files.append("figure-5-lesions.png")
        halves = {
            str(kind): float(passes[int(np.argmax(each >= each.max() / 2))])
            for kind, each in known.items()
        }
        order = sorted(halves, key=halves.__getitem__)
        told = ", ".join(f"{kind} after {halves[kind]:g}" for kind in order)
        says.append(f"Here half of a type's highest area was reached: {told} passes.")
    missing = "" if files else "Too few checkpoints were kept to draw a curve."
    return Figure(title, files, says, missing)


def figure_6(files: Sequence[str]) -> Figure:
    """FROC by type."""
    return Figure(
        "Figure 6: FROC",
        files,
        ["The areas under the paper's curves are those of Table 3."],
        "" if files else "No lesion of the four types is marked.",
    )


def figure_7(folder: Path, judged: Judged, column: str, patients: NDArray[np.intp]) -> Figure:
    """Whether a photograph contains a type, by its map's maximum; ``patients`` are numbers (n,)."""
    title = "Figure 7: photographs that contain a type"
    scores = np.array([each.highest for each in judged.seen[column]])
    lines, says, missing = [], [f"By the maximum of {column}."], []
    for name, kinds in GROUPS.items():
        truth = contains(judged.marked, kinds)
        level = image_level(scores, truth, patients)
        if level is None:
            missing.append(name)
            continue
        false, hit = roc.curve(scores, truth)
        lines.append(curves.Line(f"{name}: {level.area.value:.3f}", false, hit))
        says.append(
            f"{name}: A_z {pages.figure(level.area.value, level.area.interval)}, nearest point "
            f"{level.sensitivity:.2f} sensitivity, {level.specificity:.2f} specificity."
        )
    says.append("The nearest points were chosen on these same photographs.")
    says.append("Printed: above all published points except for red lesions; no areas are given.")
    if missing:
        says.append(f"Fewer than two photographs have, or have not: {', '.join(missing)}.")
    if not lines:
        return Figure(title, (), says)
    # The drawing tells five lines apart.
    picture = curves.draw(lines[:5], title, "1 - specificity", "sensitivity", 1.0)
    annotated.save(folder / "figure-7.png", picture)
    return Figure(title, ["figure-7.png"], says)


def figure_8(
    folder: Path, scored: Mapping[str, tuple[Values, NDArray[np.bool_], roc.Area]]
) -> Figure:
    """ROC of networks alone and of ensembles."""
    title = "Figure 8: referable retinopathy"
    lines, says = [], []
    for label, (scores, truth, area) in scored.items():
        false, hit = roc.curve(scores, truth)
        lines.append(curves.Line(f"{label}: {area.value:.3f}", false, hit))
        says.append(f"{label}: A_z {pages.figure(area.value, area.interval)}.")
    value, low, high = FIGURE_8
    says.append(f"Printed: net B's ensemble on Kaggle-test {value:.4f} ({low:.4f} to {high:.4f}).")
    picture = curves.draw(lines[:5], title, "1 - specificity", "sensitivity", 1.0)
    annotated.save(pages.folder(folder) / "figure-8.png", picture)
    return Figure(title, ["figure-8.png"], says)
