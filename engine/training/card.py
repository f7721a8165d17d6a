"""A pack's card: what it is, what it was made of, how good it is, and where it ends."""

from dataclasses import dataclass

from engine.answers import Criterion
from engine.packs.manifest import Manifest
from engine.telling.words import criterion_sign
from engine.training import card_tables, cells
from engine.training.card_text import asked, ended, one_line, wrapped
from engine.training.lesions_judging import Judged
from engine.training.plan import Plan


@dataclass(frozen=True)
class Held:
    """The held-out part that a network was watched on, and which of its passes ships.

    ``patients_told`` says that a table or names tell the patients; ``together``, ``method`` and
    ``error_by_chance`` are those of ``Judged``; ``stopped`` says that somebody stopped it before it
    had made all its passes. Runs of before do not tell, or tell of tables alone.
    """

    pictures: int
    patients: int
    best: int
    passes: int
    patients_told: bool = False
    together: bool = False
    stopped: bool = False
    method: str = ""
    error_by_chance: float | None = None


def text(
    plan: Plan,
    manifest: Manifest,
    held: Held | None = None,
    judged: Judged | None = None,
    doubt: str = "",
) -> str:
    """The card, in Markdown. Every figure comes from the run, every limit from the plan.

    ``held`` is the held-out part, where there was no cross-validation; ``judged`` the tables of
    one; ``doubt`` is that of ``engine.runs``.
    """
    data, figures, numbers = manifest.data, manifest.figures, plan.optimisation
    counts = manifest.held
    if judged:
        (right, missed), (wrong, spared) = judged.confusion
        sensitivity = card_tables.rate(right, right + missed)
        specificity = card_tables.rate(spared, wrong + spared)
    else:
        sensitivity = card_tables.rate_of(figures.sensitivity, counts.referable if counts else 0)
        specificity = card_tables.rate_of(figures.specificity, counts.other if counts else 0)
    low, high = figures.area_interval
    measured = held or judged
    method = measured.method if measured else ""
    by_chance = measured.error_by_chance if measured else None
    area = (
        f"{figures.area:.3f}, {figures.level:.0%} interval {low:.3f} to {high:.3f} "
        f"({card_tables.interval_of(manifest, method)})"
    )
    chosen = f"the point was chosen on these scores to reach {plan.operation.sensitivity:.0%}"
    tables = f"{card_tables.answers(judged)}\n\n" if judged else ""
    maps = _maps(judged) if judged else ""
    fitted, done = _fitted(plan, manifest, held, judged), held.passes if held else numbers.passes
    doubt = doubt or ("" if held else card_tables.chance(manifest))
    fitted = f"{doubt}\n\n{fitted}" if doubt else fitted
    said = f"""# {manifest.title}: {manifest.name} {manifest.version}

Research use only. Not a medical device.

## What it answers
{plan.pack.intended_use}

## What it was trained on
{data.name}: {_pictures(plan, manifest, held)},
{data.prevalence:.0%} of the photographs referable ({_meaning(plan)}).{_chosen_on(held)}
Source: {ended(plan.data.source)}
Licence of the data: {data.licence}. Licence of this pack: {manifest.licence}.

The share of referable eyes is what the probabilities assume. Where fewer are (screening programmes
have under 20 %), a given probability overstates.

## How it was trained
Network {manifest.network.name}, {manifest.input.size} x {manifest.input.size} pixels,
on {_labels(plan)} alone. {_first(plan)}{done} passes over the photographs{_beside(plan)}
in batches of {numbers.batch}, Adam with a rate of {numbers.learning_rate:g}
({numbers.schedule}), every picture rotated, shifted, scaled, flipped and changed in contrast anew
at each pass.{_normed(plan)}{_sparse(plan)}
{_again(plan, held)}

## How good it is
{fitted}

| figure | value |
|---|---|
| A_z (area under the ROC curve) | {area} |
| Operating point | probability {manifest.operating_point:.2f} or more is called referable |
| Sensitivity there | {sensitivity} ({chosen}) |
| Specificity there | {specificity} (at that same point) |
| Expected calibration error | {card_tables.error(figures.calibration_error, by_chance, "scores")} |

{tables}The interval beside a probability is the 5th to 95th percentile of the calibration refitted
on 200 draws of patients: the doubt of the calibration, not of one eye.

{maps}## Limits
{plan.data.limits}{_by_heart(judged)}
"""
    return wrapped(said)


def _maps(judged: Judged) -> str:
    return card_tables.maps(judged, {}, "π of the network that ships", "the network that ships")


FAR_APART = 0.1
"""Decided: the shipped network of net B lies 0.02 beyond its folds', and they 0.01 apart. One that
knew its referable photographs by heart until this was 0.1 had its curve wrong by half a logarithm
of odds, 12 % at a probability of 50 %; its folds' are wrong by 0.2 to 0.35 of one by chance
(``tests/test_shipped_packs.py`` reckons both)."""


def _by_heart(judged: Judged | None) -> str:
    """That the height of the curve is in doubt, where the network that ships is unlike the folds'.

    All that sets the height is what a network says of photographs that it learnt from.
    """
    *folds, shipped = judged.told_apart if judged and judged.told_apart else (0.0, 0.0)
    least, most = min(folds), max(folds)
    if least - FAR_APART < shipped < most + FAR_APART:
        return ""
    more = shipped > most
    return (
        f"\n- The network that ships tells the photographs that it learnt from "
        f"{'further' if more else 'less far'} apart than the folds' networks theirs: the mean "
        f"probability of the referable lies {shipped:.2f} above that of the others, theirs "
        f"{least:.2f} to {most:.2f}. "
        + (
            "It may know them by heart. Its probabilities, which are set by these photographs, "
            "may then lie off by more than the interval beside them tells."
            if more
            else "It may have learnt less well; the figures above are then better than its own."
        )
    )


def _labels(plan: Plan) -> str:
    return "photographs' labels" if plan.phantoms.teach == "lesions" else "image labels"


def _first(plan: Plan) -> str:
    drawn = plan.phantoms
    if not drawn.eyes:
        return ""
    if drawn.teach == "grades":
        return (
            f"First {drawn.passes} passes over {drawn.eyes} drawn phantom eyes "
            "(one in ten held back), then "
        )
    return (
        f"First its lower layers learnt where lesions lie, from {cells.showings(drawn)} "
        f"showings of {drawn.eyes} lifelike drawn eyes ({cells.AT_ONCE} a step, Adam with a "
        f"rate of {cells.RATE:g}), then "
    )


def _beside(plan: Plan) -> str:
    if not plan.phantoms.grafts:
        return ""
    return (
        f" and over those without retinopathy on which lesions were drawn, {plan.phantoms.grafts} "
        "times each, told by the drawn grade,"
    )


def _normed(plan: Plan) -> str:
    if not plan.optimisation.normalise:
        return ""
    return " It learnt with batch normalisation, which its filters and biases have taken up."


def _sparse(plan: Plan) -> str:
    term = plan.sparsity
    if not term.nu:
        return ""
    sign = criterion_sign(Criterion(term.criterion))
    if not term.passes:
        return f" The sparsity term weighs {term.nu:g} ({sign})."
    count = "one more pass" if term.passes == 1 else f"{term.passes} more passes"
    return (
        f" Then {count} at a rate of {term.learning_rate:g} had the sparsity term beside the "
        f"error; it weighs {term.nu:g} ({sign})."
    )


def _again(plan: Plan, held: Held | None) -> str:
    command = "`lesionlens train plan.toml --data FOLDER`"
    if held is None or not held.stopped:
        return f"The plan is in plan.toml: {command} carries it out again."
    passes = plan.optimisation.passes
    return (
        f"It was stopped after {held.passes} of the {passes} passes that were planned. The plan is "
        f"in plan.toml: {command} makes all {passes} passes, and so another pack."
    )


def _pictures(plan: Plan, manifest: Manifest, held: Held | None) -> str:
    data = manifest.data
    if _nameless(plan, manifest, held):
        return (
            f"{data.pictures} photographs; which are of one patient is not known, so each counted\n"
            "as one"
        )
    column = plan.data.patient if plan.data.grades else ""
    by = column or "their names or the table"
    return f"{data.pictures} photographs of {data.patients} patients (told apart by\n{by})"


def _chosen_on(held: Held | None) -> str:
    if held is None:
        return ""
    return f" Of all, {held.pictures} were held out: the pass that ships was chosen on these."


def _nameless(plan: Plan, manifest: Manifest, held: Held | None) -> bool:
    """Whether nothing told of a patient with several pictures, as the data check says it."""
    return not _told(plan, held) and manifest.data.patients == manifest.data.pictures


def _told(plan: Plan, held: Held | None) -> bool:
    """Whether a column or names told the patients, as far as a run tells."""
    return not plan.data.held_out or (held is not None and held.patients_told)


def _meaning(plan: Plan) -> str:
    classes = plan.data.classes
    if not classes:
        return f"ICDR grade {plan.data.referable_from} or more"
    with_ = [f"“{one_line(name)}”" for name, referable in classes.items() if referable]
    without = [f"“{one_line(name)}”" for name, referable in classes.items() if not referable]
    return f"the folders {', '.join(with_)}, against {', '.join(without)}"


def _fitted(plan: Plan, manifest: Manifest, held: Held | None, judged: Judged | None) -> str:
    if held is not None:
        known = not _nameless(plan, manifest, held)
        of = f" of {held.patients} patients" if known else ""
        return (
            f"Measured on {held.pictures} photographs{of} that the network did not learn from;\n"
            f"{card_tables.counted(held.together and known)}.\n"
            f"Pass {held.best} of {held.passes} ships; it was chosen on these same photographs,\n"
            "which flatters the figures. Photographs that the program would call ungradable were\n"
            "not left out. Whether its heatmaps are true was not checked. "
            f"{asked(plan.network.views)}"
        )
    together = judged is not None and judged.together
    return (
        f"Measured by {plan.data.folds}-fold cross-validation on patients that the scoring\n"
        f"network had not seen, all photographs pooled; {card_tables.counted(together)}.\n"
        "Photographs that the program would call ungradable were not left out.\n"
        f"{asked(plan.network.views)}{_shipped(plan)}"
    )


def _shipped(plan: Plan) -> str:
    """Which network the figures are not of, and what that does to them."""
    if plan.optimisation.schedule == "plateau":
        return (
            "The network that ships is the first fold's. Each fold's rate of learning followed\n"
            "its A_z on the photographs that it is measured on here, which flatters the figures."
        )
    return (
        "The network that ships was trained on all of them by the same numbers, so that no figure\n"
        "of its own can be given on these data. Its probabilities are read by the curve of the\n"
        "folds' scores, moved along, for its own may lie elsewhere, until the mean of what it\n"
        "says of the photographs that it learnt from is their share of referable ones. So were\n"
        "the scores of each fold's network, by those that it had learnt from."
    )
