"""When a network discovered each kind of lesion while it learnt: Figure 5 of Quellec et al. 2017.

The weights that a run kept along the way are asked about photographs of patients that they had not
learnt from: the area under the ROC curve of what they answer, and how right their maps are.
"""

import csv
import io
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from engine.evaluation import roc
from engine.evaluation.lesion_truth import EVALUATED
from engine.folders import write_bytes
from engine.networks.lesion_network import REFERABLE, folded
from engine.reports import discovery as figure
from engine.task import Task
from engine.training import lesion_figures, lesion_loop
from engine.training.lesion_figures import Ready
from engine.training.lesion_pictures import grades_of
from engine.training.run import Run


def write(
    run: Run,
    part: str,
    values: NDArray[np.int8],
    truth: NDArray[np.bool_],
    pictures: Sequence[Ready],
    size: int,
    device: torch.device,
    task: Task,
) -> Path | None:
    """Write ``discovery.csv`` of a part's kept weights, and draw it; None where it kept none.

    ``values`` int8 (n, 3, w, w) and ``truth`` (n,) are photographs that the part had not learnt
    from, ``pictures`` such with marked lesions. Raises ``Cancelled``.
    """
    steps = run.kept_steps(part)
    if not steps or not pictures:
        return None
    two_of_each = min(np.bincount(truth, minlength=2)) > 1  # A_z takes them
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow(["steps", "area", *map(str, EVALUATED)])
    for step, path in task.over(steps.items(), "Measuring what was discovered", len(steps)):
        network = folded([lesion_loop.kept(path)], size)
        told = grades_of(network, values, device)[:, REFERABLE]
        told_apart = f"{roc.area(told, truth).value:.4f}" if two_of_each else ""
        areas = lesion_figures.of_network(network, pictures, device, task)
        found = [areas.of[kind] for kind in EVALUATED]
        cells = ["" if area is None else f"{area.value:.4f}" for area in found]
        rows.writerow([step, told_apart, *cells])
    to = run.folder / "discovery.csv"
    write_bytes(to, text.getvalue().encode())
    if len(steps) > 1:
        figure.save(to, to.with_suffix(".svg"))
    return to
