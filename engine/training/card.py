"""A pack's card: what it is, what it was made of, how good it is, and where it ends."""

from engine.packs.manifest import Manifest
from engine.training.plan import Plan


def text(plan: Plan, manifest: Manifest) -> str:
    """The card, in Markdown. Every figure comes from the run, every limit from the plan."""
    data, figures, numbers = manifest.data, manifest.figures, plan.optimisation
    low, high = figures.area_interval
    area = f"{figures.area:.3f}, {figures.level:.0%} interval {low:.3f} to {high:.3f} (DeLong)"
    chosen = f"the point was chosen on these scores to reach {plan.operation.sensitivity:.0%}"
    first = (
        f"First {plan.phantoms.passes} passes over {plan.phantoms.eyes} drawn phantom eyes "
        f"(one in ten held back), then "
        if plan.phantoms.eyes
        else ""
    )
    return f"""# {manifest.title}: {manifest.name} {manifest.version}

Research use only. Not a medical device.

## What it answers
{plan.pack.intended_use}

## What it was trained on
{data.name}: {data.pictures} photographs of {data.patients} patients (told apart by
{plan.data.patient}), {data.prevalence:.0%} of the photographs referable (ICDR grade
{plan.data.referable_from} or more). Source: {plan.data.source}
Licence of the data: {data.licence}. Licence of this pack: {manifest.licence}.

The share of referable eyes is what the probabilities assume. Where fewer are (screening programmes
have under 20 %), a given probability overstates.

## How it was trained
Network {manifest.network.name}, {manifest.input.size} x {manifest.input.size} pixels, on image
labels alone. {first}{numbers.passes} passes over the photographs in batches of {numbers.batch},
Adam with a rate of {numbers.learning_rate:g} ({numbers.schedule}), every picture rotated, shifted,
scaled, flipped and changed in contrast anew at each pass. The plan is in plan.toml:
`lesionlens train plan.toml --data FOLDER` carries it out again.

## How good it is
Measured by {plan.data.folds}-fold cross-validation on patients that the scoring network had not
seen, all photographs pooled and each counted as independent of the others. Photographs that the
program would call ungradable were not left out.
{_shipped(plan)}

| figure | value |
|---|---|
| A_z (area under the ROC curve) | {area} |
| Operating point | probability {manifest.operating_point:.2f} or more is called referable |
| Sensitivity there | {figures.sensitivity:.0%} ({chosen}) |
| Specificity there | {figures.specificity:.0%} (at that same point) |
| Expected calibration error | {figures.calibration_error:.3f} (fitted on these scores) |

The interval beside a probability is the 5th to 95th percentile of the calibration refitted on 200
draws of patients: the doubt of the calibration, not of one eye.

## Limits
{plan.data.limits}
"""


def _shipped(plan: Plan) -> str:
    """Which network the figures are not of, and what that does to them."""
    if plan.optimisation.schedule == "plateau":
        return (
            "The network that ships is the first fold's. Each fold's rate of learning followed\n"
            "its A_z on the photographs that it is measured on here, which flatters the figures."
        )
    return (
        "The network that ships was trained on all of them by the same numbers, so that no figure\n"
        "of its own can be given on these data; its probabilities are read from the folds' scores."
    )
