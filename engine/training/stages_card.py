"""The card of a pack that tells stages: its figures beside its baseline's, and its limits."""

from pathlib import Path

from engine.evaluation.counted import counted
from engine.packs.manifest import Manifest
from engine.training import card_tables
from engine.training.card_text import asked, ended, wrapped
from engine.training.stages_judging import Compared, Difference, Teller
from engine.training.stages_plan import ON_LESIONS, StagesPlan

_TOLD = {
    "both heads": "**both heads, weighed, which the pack answers with**",
    "vision head": "vision head alone",
    "LSTM head": "LSTM head alone",
    "baseline": "baseline: the same network taught on single pictures",
}

_ORDERS = {
    "cyclic": "each stage once, in order, from a stage drawn anew (Lao, Eq. 1)",
    "nonregression": "stages in order, the last one repeated (Lao, Eq. 9)",
    "nonregression_balanced": (
        "stages in order, the last one repeated (Lao, Eq. 9), every stage weighing the same"
    ),
    "reverse": "each stage once, in falling order, from a stage drawn anew (a control)",
    "shuffled": "each stage once, in an order drawn anew (a control)",
    "iid": "every stage drawn by itself (a control)",
}


def text(plan: StagesPlan, manifest: Manifest, compared: Compared) -> str:
    """The card, in Markdown. Every figure comes from the run, every limit from the plan."""
    data, schedule = manifest.data, plan.schedule
    steps = schedule.passes * schedule.steps
    doubt = card_tables.chance(manifest)
    doubt = f"{doubt}\n\n" if doubt else ""
    said = f"""# {manifest.title}: {manifest.name} {manifest.version}

Research use only. Not a medical device.

## What it answers
{plan.pack.intended_use}

{_stages(plan, compared)}

## What it was trained on
{data.name}: {data.pictures} photographs of {data.patients} patients
({_patients(plan)}). Source: {ended(plan.data.source)}
Licence of the data: {data.licence}. Licence of this pack: {manifest.licence}.

How often each stage stands in these photographs is what the shares assume. Where late stages are
rarer, as in screening programmes, their shares are told too high.

## How it was trained
{_network(plan, manifest.input.size)}, an LSTM with
{plan.network.gates} gates behind it, and a head on each (disease progression learning, Lao).
{_first(plan)}{steps} steps of {schedule.sequences} sequences of photographs:
{_ORDERS[plan.sequences.order]}; photographs are drawn by their
stage alone, whosever they are. {_method(plan)}, every picture {_changed(plan)} anew at each step.
The weights are those behind the last step: none was chosen by looking at held-back photographs.
The plan is in plan.toml: `lesionlens train plan.toml --data FOLDER` carries it out again.

## How good it is
{doubt}Measured by {plan.data.folds}-fold cross-validation on patients that the
telling network had not seen, all photographs pooled. A photograph's shares are calibrated on the
other folds, how much each head counts included, and the stage with the largest share counts as
told. {_weighed(compared)}
{asked(plan.network.views)}Photographs that the program would
call ungradable were not left out. The baseline has the same folds, first weights, steps and number
of photographs a step.
{_shipped(plan)}

| told by (95% intervals) | quadratic kappa | accuracy | expected-stage error |
|---|---|---|---|
{_rows(compared)}

The expected-stage error is the mean distance of the expected stage from the true one, in grades.
What is gained over the baseline on the same photographs:

| less the baseline (95% interval) | quadratic kappa | accuracy | expected-stage error |
|---|---|---|---|
{_differences(compared)}

Intervals are of 1000 draws of patients; that of an accuracy by itself is exact and counts each
photograph as independent. {differences_in_words(compared)} One training each: how
much another seed would change either is not in these intervals; `lesionlens reproduce lao` compares
such networks over many splits and seeds.

Told (columns) for each true stage (rows), by both heads:

{_confusion(plan, compared)}

{_positive(plan, manifest, compared)}

The interval beside an expected stage is the 5th to 95th percentile of the calibration refitted on
200 draws of patients: the doubt of the calibration, not of one eye.

{_experiment(plan)}## Limits
{plan.data.limits}
"""
    return wrapped(said)


def _experiment(plan: StagesPlan) -> str:
    told = plan.data.experiment.strip()
    return f"## What many splits found\n{told}\n\n" if told else ""


def differences_in_words(compared: Compared) -> str:
    """Whether sequences helped, in a sentence that the intervals allow."""
    kappa = compared.differences[0]
    if kappa.low > 0:
        return "By kappa, sequences told stages better than the baseline did."
    if kappa.high < 0:
        return "By kappa, sequences told stages worse than the baseline did."
    return (
        "The interval of both heads' kappa less the baseline's holds 0: on these photographs it "
        "cannot be said that sequences told stages better or worse than the baseline did."
    )


def _stages(plan: StagesPlan, compared: Compared) -> str:
    stages = plan.stages
    rows = [
        f"| {name} | {' and '.join(labels)} | {count} |"
        for name, labels, count in zip(stages.names, stages.labels, compared.counts, strict=True)
    ]
    return "\n".join([f"| stage ({stages.scale}) | label | photographs |", "|---|---|---|", *rows])


def _patients(plan: StagesPlan) -> str:
    if plan.data.patient:
        return f"told apart by {plan.data.patient}"
    return "which are of one patient is not known, so each counted as one"


def _weighed(compared: Compared) -> str:
    vision = compared.vision
    return f"In the pack the vision head counts {vision} % and the LSTM's {100 - vision} %."


def _shipped(plan: StagesPlan) -> str:
    fitted = "its calibration is fitted to all out-of-fold answers."
    if plan.network.backbone == ON_LESIONS:
        return (
            f"The {plan.data.folds} folds' networks ship together and answer with their mean; of "
            f"that mean no figure can be given on these data, and {fitted}"
        )
    return (
        "The network that ships was trained on all photographs by the same numbers, so that no "
        f"figure of its own can be given on these data; {fitted}"
    )


def _network(plan: StagesPlan, size: int) -> str:
    frozen = {
        "none": "",
        "paper": ", its first blocks kept as they began",
        "all": ", kept as it began",
    }[plan.network.freeze]
    return f"Backbone {plan.network.backbone}, {size} x {size} pixels{frozen}"


def _first(plan: StagesPlan) -> str:
    begun = f"The backbone began with the weights of {plan.network.weights}. "
    if plan.network.backbone == ON_LESIONS:
        name = Path(plan.network.weights).name
        begun = f"Each fold's backbone is its own in the pack {name} and learnt to draw lesions. "
    begun = begun if plan.network.weights else ""
    if not plan.phantoms.eyes:
        return begun or "All weights were drawn anew. Then "
    steps = plan.phantoms.passes * plan.schedule.steps
    return (
        f"{begun}First {steps} steps in which the backbone learnt the severity of "
        f"{plan.phantoms.eyes} drawn phantom eyes, one by one,\nthen "
    )


def _method(plan: StagesPlan) -> str:
    schedule = plan.schedule
    name = "Adam" if schedule.method == "adam" else "SGD with Nesterov's momentum 0.9"
    falling = "a cosine to a hundredth" if schedule.falling == "cosine" else "the paper's decay"
    return f"{name} with a rate of {schedule.learning_rate:g}, falling by {falling}"


def _changed(plan: StagesPlan) -> str:
    asked = plan.augmentation
    parts = [
        f"turned by up to {asked.rotation:g}°" if asked.rotation else "",
        "shifted" if asked.translation else "",
        "scaled" if asked.scale != (1.0, 1.0) else "",
        "mirrored" if asked.flip else "",
        "changed in contrast" if asked.contrast > 1 else "",
    ]
    said = [part for part in parts if part]
    if not said:
        return "as it is, not changed"
    return f"{', '.join(said[:-1])} and {said[-1]}" if len(said) > 1 else said[0]


def _rows(compared: Compared) -> str:
    return "\n".join(map(_row, compared.tellers))


def _row(teller: Teller) -> str:
    figures = teller.figures
    low, high = figures.kappa_interval
    right = sum(row[stage] for stage, row in enumerate(teller.confusion))
    accuracy = counted(right, sum(map(sum, teller.confusion))).interval
    error = f"{figures.expected_stage_error:.3f}"
    if teller.error_interval is not None:
        error += " ({:.3f} to {:.3f})".format(*teller.error_interval)
    return (
        f"| {_TOLD[teller.name]} | {figures.quadratic_kappa:.3f} ({low:.3f} to {high:.3f}) | "
        f"{figures.accuracy:.1%} ({accuracy.low:.1%} to {accuracy.high:.1%}) | {error} |"
    )


def _differences(compared: Compared) -> str:
    rows = [
        [_difference(each) for each in compared.differences if each.teller == teller.name]
        for teller in compared.tellers
    ]
    return "\n".join(
        f"| {_TOLD[teller.name]} | {' | '.join(row)} |"
        for teller, row in zip(compared.tellers, rows, strict=True)
        if row
    )


def _difference(each: Difference) -> str:
    if each.figure == "accuracy":
        points = tuple(100 * value for value in (each.value, each.low, each.high))
        return "{:+.1f} points ({:+.1f} to {:+.1f})".format(*points)
    return f"{each.value:+.3f} ({each.low:+.3f} to {each.high:+.3f})"


def _confusion(plan: StagesPlan, compared: Compared) -> str:
    names = plan.stages.names
    rows = [
        f"| {name} | {' | '.join(map(str, counts))} |"
        for name, counts in zip(names, compared.tellers[0].confusion, strict=True)
    ]
    head = [f"| | {' | '.join(names)} |", f"|---|{'---|' * len(names)}"]
    return "\n".join([*head, *rows])


def _positive(plan: StagesPlan, manifest: Manifest, compared: Compared) -> str:
    """What the pack's yes-or-no figures are about; said apart from what its stages cut through."""
    figures = manifest.figures
    low, high = figures.area_interval
    first = plan.stages.first_positive
    others, positives = sum(compared.counts[:first]), sum(compared.counts[first:])
    error = card_tables.error(figures.calibration_error, compared.error_by_chance, "answers")
    return (
        f"As a yes or no, from “{plan.stages.positive_from}” on, which is {plan.stages.positive}:\n"
        f"A_z {figures.area:.3f} ({figures.level:.0%} interval {low:.3f} to {high:.3f}, "
        f"{card_tables.interval_of(manifest, compared.method)}); at a probability of "
        f"{manifest.operating_point:.2f} or more, chosen on these answers to reach "
        f"{plan.operation.sensitivity:.0%}, sensitivity "
        f"{card_tables.rate_of(figures.sensitivity, positives)}, and specificity "
        f"{card_tables.rate_of(figures.specificity, others)}; expected calibration error {error}. "
        "The heads' weights were fitted on them, too."
    )
