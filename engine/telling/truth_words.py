"""The words in which a truth check is told: in the window, on its figure, on the command line."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from engine.answers import Criterion, Interval
from engine.telling import words
from engine.truth_check import Agreement, CriterionTruth, RandomCurve, TruthCheck

TITLE = "Is this heatmap true?"
DELETION = "Deletion: the sooner it falls, the truer the map"
INSERTION = "Insertion: the sooner it rises, the truer the map"
DELETION_AXIS = "share of the picture removed, strongest evidence first"
INSERTION_AXIS = "share of the picture shown, strongest evidence first"
PROBABILITY = "probability of referable"
AT_RANDOM = "at random"

CAUTION = (
    "These curves say how well a map follows the model. They do not say that the model is right, "
    "nor that a marked spot is a lesion."
)

REMOVED = (
    "A removed pixel gets the colours of another place of the same photograph, drawn by lot; "
    "nothing outside the assessed area is changed."
)

PAINTED_OVER = (
    "Painted over: the probability once the heatmap’s regions have the colours around them; in the "
    "last row the lowest and the highest with as much painted over elsewhere."
)

CORRELATIONS = (
    "Moved and turned: Pearson’s correlation with the map itself, of the values; weights "
    "shuffled: Spearman’s, of the ranks. 1 is unchanged."
)

AGREEMENT = "In each pair of figures, value is Pearson’s correlation, rank is Spearman’s."
"""Of the numbers as JSON."""

_LITTLE = 0.1
"""Of probability: decided, below it a curve has too little room to tell one map from another."""


@dataclass(frozen=True)
class Measure:
    """One measure of one map: its name, its figure, and what the figure would be at best."""

    name: str
    figure: str
    meaning: str


def criterion_name(criterion: Criterion) -> str:
    """How a curve is labelled: "π", "ω", "LRP"."""
    return "LRP" if criterion is Criterion.RELEVANCE else words.criterion_sign(criterion)


def area(value: float) -> str:
    """An area below a curve: "0.19"."""
    return f"{value:.2f}"


def random_area(curve: RandomCurve) -> str:
    """The yardstick's area, with the least and greatest of its orders: "0.43 (0.42 to 0.44)"."""
    low, high = area(curve.area_low), area(curve.area_high)
    if low == high:
        return area(curve.area)
    return f"{area(curve.area)} ({low} to {high})"


def room(check: TruthCheck) -> str:
    """From where to where the curves run; and that they hardly tell, where that is so."""
    ends = (
        f"The probability is {words.percent(check.probability)} for the photograph and "
        f"{words.percent(check.empty)} with all pixels removed."
    )
    return " ".join((ends, *cautions(check)))


def cautions(check: TruthCheck) -> tuple[str, ...]:
    """Why the curves have too little room to tell one map from another, if they have."""
    if check.empty >= check.operating_point:
        return (
            "What takes their place is evidence itself: the curves can hardly tell one map from "
            "another.",
        )
    if check.probability - check.empty < _LITTLE:
        return ("With so little to fall, the curves can hardly tell one map from another.",)
    return ()


def no_better(check: TruthCheck) -> str:
    """That no map does better than random order, where that is so; else empty.

    decided: a map does better where its curve leaves the band of the random orders on the better
    side and its area is better than that of each of them, in either plot.
    """
    for part in check.parts:
        for curve, random, side in (
            (part.deletion, check.random_deletion, -1),
            (part.insertion, check.random_insertion, 1),
        ):
            edge, area = (
                (random.low, random.area_low) if side < 0 else (random.high, random.area_high)
            )
            beyond = np.interp(random.shares, curve.shares, curve.probabilities) - np.array(edge)
            if (side * beyond > 0).any() and side * (curve.area - area) > 0:
                return ""
    return "No better than random order on this photograph."


def yardstick(check: TruthCheck) -> str:
    """What the dotted line is."""
    return (
        f"At random: the mean of {check.random_deletion.orders} random orders, the band from the "
        "lowest to the highest."
    )


def measures(check: TruthCheck, part: CriterionTruth) -> tuple[Measure, ...]:
    """Everything but the curves, in the order of a table."""
    return tuple(_measures(check, part))


def _measures(check: TruthCheck, part: CriterionTruth) -> Iterator[Measure]:
    stable = part.stability
    if (over := part.painted) is not None:
        yield Measure(
            "Regions painted over",
            f"{words.percent(check.probability)} → {words.percent(over.without)}",
            f"The probability once the heatmap’s regions, {words.percent(over.share)} of the "
            "assessed area, have the colours around them. With as much painted over elsewhere, in "
            f"three places, it is {words.interval_words(Interval(*over.elsewhere))}. The more the "
            "first falls where the second stays, the truer the map; what is too faint to be a "
            "region still counts. Where the second moves as far, the paint itself is evidence to "
            "this network.",
        )
    yield Measure(
        "Moved by one pixel",
        _alike(stable.shift),
        "How alike the map stays; 1 is unchanged.",
    )
    yield Measure(
        f"Turned by {stable.degrees:g}°",
        _alike(stable.rotation),
        "How alike the map stays; 1 is unchanged.",
    )
    if part.randomised:
        yield Measure(
            "Weights shuffled",
            _alike(part.randomised[-1]),
            "How alike the map of a network that forgot all is. Near 0 or below, the map shows "
            "what was learnt; near 1, it does not.",
        )
    yield Measure(
        "Sparsity", _hundredths(part.hoyer), "Hoyer's; 0 is spread evenly, 1 is a single pixel."
    )
    yield Measure(
        "In the top hundredth",
        words.percent(part.top_share),
        "Share of the evidence in the strongest hundredth of the pixels.",
    )
    if (on := part.overlap) is not None:
        yield Measure(
            "On marked lesions",
            f"{words.percent(on.evidence)} of the evidence",
            f"They are {words.percent(on.area)} of the assessed area. Of as many of the "
            f"strongest pixels {words.percent(on.strongest)} lie on them; the strongest one "
            f"{'does' if on.peak else 'does not'}.",
        )
    if part.arithmetic_error is not None:
        yield _arithmetic(part.criterion, part.arithmetic_error)


def _arithmetic(criterion: Criterion, error: float) -> Measure:
    if criterion is Criterion.RELEVANCE:
        return Measure(
            "Arithmetic: not conserved",
            words.percent(error),
            "What the network's biases kept of the score. A check of the arithmetic, no more.",
        )
    return Measure(
        "Arithmetic: gap",
        _small(error),
        "Evidence and biases add up to the score but for this. A check of the arithmetic, no more.",
    )


def _alike(agreement: Agreement) -> str:
    return f"{_hundredths(agreement.value)} (by rank {_hundredths(agreement.rank)})"


def _hundredths(value: float) -> str:
    # A true minus, as wide as a figure.
    return f"{value + 0.0:.2f}".replace("-0.00", "0.00").replace("-", "−")


def _small(value: float) -> str:
    return "under 0.0001" if value < 1e-4 else f"{value:.2g}"


# ---- a table with a row for each criterion

MOVED, TURNED, SHUFFLED = "Moved 1 pixel", "Turned", "Weights shuffled"
SPARSITY, TOP, ON_LESIONS = "Sparsity", "In top 1 %", "On lesions"
PAINTED = "Painted over"


def columns(check: TruthCheck) -> tuple[str, ...]:
    """The measures beside the areas; that on lesions where some were marked."""
    names = (PAINTED, MOVED, TURNED, SHUFFLED, SPARSITY, TOP)
    marked = any(part.overlap is not None for part in check.parts)
    return (*names, ON_LESIONS) if marked else names


def row(part: CriterionTruth, names: Sequence[str]) -> tuple[str, ...]:
    """A criterion's name, its two areas, and the figures of the columns ``names``."""
    over = part.overlap
    figures = {
        PAINTED: "" if part.painted is None else words.percent(part.painted.without),
        MOVED: _hundredths(part.stability.shift.value),
        TURNED: _hundredths(part.stability.rotation.value),
        SHUFFLED: _hundredths(part.randomised[-1].rank) if part.randomised else "",
        SPARSITY: _hundredths(part.hoyer),
        TOP: words.percent(part.top_share),
        ON_LESIONS: words.percent(over.evidence) if over is not None else "none marked",
    }
    areas = area(part.deletion.area), area(part.insertion.area)
    return (criterion_name(part.criterion), *areas, *(figures[name] for name in names))


def random_row(check: TruthCheck, names: Sequence[str] = ()) -> tuple[str, ...]:
    """The yardstick's name, its two areas, and of the columns ``names`` what it has a figure for:
    the lowest and the highest with as much painted over elsewhere.
    """
    areas = random_area(check.random_deletion), random_area(check.random_insertion)
    others = [part.painted.elsewhere for part in check.parts if part.painted is not None]
    told = ""
    if others:
        ends = Interval(min(low for low, _ in others), max(high for _, high in others))
        told = words.interval_words(ends)
    return (AT_RANDOM, *areas, *(told if name == PAINTED else "" for name in names))
