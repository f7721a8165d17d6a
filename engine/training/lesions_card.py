"""The card of a pack that draws lesions: how well it answers, and how well its maps are right."""

from engine.answers import Criterion
from engine.packs.manifest import Manifest
from engine.training import card_tables
from engine.training.card_text import ended, wrapped
from engine.training.lesions_judging import Judged
from engine.training.lesions_plan import LesionsPlan

_CRITERIA: dict[str, str] = {
    Criterion.LESIONS: "**lesions, which the pack shows**",
    Criterion.PI: "π",
    Criterion.OMEGA: "ω",
}


def text(plan: LesionsPlan, manifest: Manifest, judged: Judged) -> str:
    """The card, in Markdown. Every figure comes from the run, every limit from the plan."""
    data, figures, schedule = manifest.data, manifest.figures, plan.schedule
    low, high = figures.area_interval
    shown = schedule.steps * schedule.photographs
    size = manifest.input.size
    (right, missed), (wrong, spared) = judged.confusion
    sensitivity = card_tables.rate(right, right + missed)
    specificity = card_tables.rate(spared, wrong + spared)
    doubt = card_tables.chance(manifest)
    doubt = f"{doubt}\n\n" if doubt else ""
    said = f"""# {manifest.title}: {manifest.name} {manifest.version}

Research use only. Not a medical device.

## What it answers
{plan.pack.intended_use}

## What it was trained on
{data.name}: {data.pictures} photographs of {data.patients} patients (told apart by
{plan.data.patient}), {data.prevalence:.0%} of them referable (ICDR grade
{plan.data.referable_from} or more). Source: {ended(plan.data.source)}
Licence of the data: {data.licence}. Licence of this pack: {manifest.licence}.

The share of referable eyes is what the probabilities assume. Where fewer are (screening programmes
have under 20 %), a given probability overstates.

## How it was trained
Network {manifest.network.name}, {size} x {size} pixels, from nothing. {_taught(plan)}
No pixel that a person marked was learnt from; but how much the heatmap is smoothed was chosen on
the 51 photographs of IDRiD with marked lesions, and so was where the shipped pack's regions begin
(a chance of 0.4; here {plan.pack.lesion_threshold:g}). Each of {plan.data.folds} networks took
{schedule.steps} steps of {schedule.photographs} photographs, {schedule.grafts} drawn on and
{schedule.drawn} drawn ({shown} photographs in all, the same again and again, each time changed).
AdamW with a rate of {schedule.learning_rate:g} (cosine); what is kept is the running mean of the
weights, and none was chosen by looking at held-back photographs. The plan is in plan.toml:
`lesionlens train plan.toml --data FOLDER` carries it out again.

## How good it is
{doubt}Measured by {
        plan.data.folds
    }-fold cross-validation on patients that the telling network had not
seen, all photographs pooled; {card_tables.counted(judged.together)}. Photographs that the
program would call ungradable were not left out. The {plan.data.folds} networks ship together and
answer with their mean; of that mean no figure can be given on these data, because each photograph
was seen by all but one. Its probabilities are read from the single networks' scores.

| figure | value |
|---|---|
| A_z (area under the ROC curve) | {figures.area:.3f}, {figures.level:.0%} interval {low:.3f} to {
        high:.3f} ({card_tables.interval_of(manifest, judged.method)}) |
| Operating point | probability {manifest.operating_point:.2f} or more is called referable |
| Sensitivity there | {sensitivity} (the point was chosen on these scores to reach {
        plan.operation.sensitivity:.0%}) |
| Specificity there | {specificity} (at that same point) |
| Expected calibration error | {
        card_tables.error(figures.calibration_error, judged.error_by_chance, "scores")
    } |
| Quadratic kappa of its five grades | {_kappa(judged)} (not shown to anyone) |

{card_tables.answers(judged)}

The interval beside a probability is the 5th to 95th percentile of the calibration refitted on 200
draws of patients: the doubt of the calibration, not of one eye.

{_maps(judged)}## Limits
{plan.data.limits}
"""
    return wrapped(said)


def _kappa(judged: Judged) -> str:
    """With its interval, where the run tells it."""
    if judged.kappa_interval is None:
        return f"{judged.kappa:.3f}"
    low, high = judged.kappa_interval
    return f"{judged.kappa:.3f}, 95% interval {low:.3f} to {high:.3f}, 1000 draws of patients"


def _maps(judged: Judged) -> str:
    some = "some of the networks that ship"
    return card_tables.maps(judged, _CRITERIA, "all networks together", some)


def _taught(plan: LesionsPlan) -> str:
    by = []
    if plan.schedule.grafts:
        times = plan.drawings.grafts
        by.append(f"{times} times lesions were drawn on each photograph without retinopathy")
    if plan.schedule.drawn:
        by.append(f"{plan.drawings.eyes} eyes were drawn as a whole")
    if not by:
        return "Photographs taught it by their grades alone; no lesion was drawn for it."
    return (
        "Photographs taught it by their grades alone; where lesions lie it learnt from drawings: "
        f"{', and '.join(by)}. How faint, large and many drawn lesions are was set after the "
        "marked lesions of IDRiD."
    )
