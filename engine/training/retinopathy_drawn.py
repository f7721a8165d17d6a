"""What drawings give the retinopathy recipe: eyes to begin with, and lesions on photographs."""

import numpy as np

from engine.errors import Refusal
from engine.task import Task
from engine.training import grades, lesion_material, normalised
from engine.training.lesion_pictures import Drawings, Rows
from engine.training.normalised import Pictures
from engine.training.plan import Plan
from engine.training.run import Run


def beside(drawings: Drawings, plan: Plan, photographs: Pictures, rows: Rows) -> Pictures:
    """The photographs of some rows, and behind them the drawings on these alone."""
    laid = np.flatnonzero(np.isin(drawings.on, rows))
    # Filled one by one: there are gigabytes of them, and copies of copies would be twice that.
    values = np.empty((len(rows) + len(laid), *photographs.values.shape[1:]), np.int8)
    for at, row in enumerate(rows):
        values[at] = photographs.values[row]
    for at, row in enumerate(laid, len(rows)):
        values[at] = drawings.values[row]
    truth = drawings.grades[laid] >= plan.data.referable_from
    return Pictures(values, np.concatenate([photographs.truth[rows], truth]))


def grafts(plan: Plan, run: Run, task: Task) -> Drawings:
    """Drawn lesions on the table's photographs without retinopathy, prepared; none unless asked.

    Raises ``Refusal`` if the table has no such photograph, and ``Cancelled``.
    """
    size, draw = plan.network.size, np.random.default_rng([plan.seed, 5])
    if not plan.phantoms.grafts:
        return lesion_material.none(size)
    rows = grades.table(run.data / plan.data.grades, plan.data.patient)
    paths, healthy = [row.picture for row in rows], np.array([row.grade == 0 for row in rows])
    if not healthy.any():
        raise Refusal(
            "No lesions can be drawn on photographs.",
            "The plan has phantoms.grafts, and no photograph of its table is of grade 0.",
            "Add such photographs, or leave phantoms.grafts out.",
        )
    file, first = run.folder / "grafts.npy", plan.seed * 10_000_000
    return lesion_material.laid(paths, healthy, plan.phantoms.grafts, size, first, draw, file, task)


def eyes(plan: Plan, run: Run, task: Task) -> Drawings:
    """The drawn eyes that a plan begins with, prepared: values (n, 3, w, w).

    Labels are (n, w, w), and (n, 0, 0) where they look "clear". Raises ``Cancelled``.
    """
    size, file = plan.network.size, run.folder / "phantoms.npy"
    seeds = range(plan.seed * 1_000_000, plan.seed * 1_000_000 + plan.phantoms.eyes)
    if not seeds:
        return lesion_material.none(size)
    told = np.array([normalised.severity(seed) for seed in seeds])
    on = np.full(len(seeds), -1)
    if plan.phantoms.look == "lifelike":
        jobs = list(zip(seeds, told.tolist(), strict=True))
        return lesion_material.drawings(normalised.lifelike(jobs, size, file, task), told, on)
    values = normalised.phantoms(seeds, size, file, task).values
    return Drawings(values, np.zeros((len(seeds), 0, 0), np.uint8), told, on)
