"""A run's passes as the two plots of the Train tab."""

from engine.runs import Pass, Seen
from engine.telling.words import THIN
from viewer.training.curves import Line, Mark, Plot

_UNDRAWN = "of folds no curve is drawn"


def error_plot(seen: Seen) -> Plot:
    """The mean squared error on fitting and held-out pictures.

    decided: the scale ends where the held-out line needs it; the first rounds' fitting error,
    with dropout on fresh weights, may lie above.
    """
    rows = seen.passes
    held = tuple((each.number, each.held_error) for each in rows if each.held_error is not None)
    fitted = tuple((each.number, each.error) for each in rows)
    later = [value for _, value in fitted[1:]] or [value for _, value in fitted]
    most = max([0.3, *(value for _, value in held), *later])
    figure = f"mean squared error, held out {held[-1][1]:.2f}" if held else "mean squared error"
    figure = _UNDRAWN if seen.in_folds else figure
    lines = (
        Line("fitting", fitted, by_model=False),
        Line("held out", held),
    )
    return Plot("Error", figure, lines, _rounds(seen), 0.0, -(-most // 0.1) * 0.1, _now(seen))


def area_plot(seen: Seen) -> Plot:
    """A_z on the held-out pictures with its interval's band, and the round that is kept."""
    rows = [each for each in seen.passes if each.area is not None]
    points = tuple((each.number, each.area or 0.0) for each in rows)
    band = tuple((each.number, *_interval(each)) for each in rows)
    best = seen.best
    kept = "best so far, kept" if seen.status.going_on else "best, kept"
    marks = (Mark(best.number, kept),) if best is not None else ()
    lowest = min([0.5, *(low for _, low, _ in band)])
    low = max(0.0, (lowest * 10 // 1) / 10)
    without = _UNDRAWN if seen.in_folds else "area under ROC"
    return Plot(
        "Held-out A_z",
        area_words(best, seen.facts.level) if best is not None else without,
        (Line("A_z", points, band=band),),
        _rounds(seen),
        low,
        1.0,
        marks,
        0.5,
    )


def area_words(each: Pass, level: float) -> str:
    """A_z with its interval: "0.95 (0.92 to 0.97), 95 % interval, round 14"."""
    low, high = _interval(each)
    if low == high:  # where none is out of order DeLong's variance is 0, however few they are
        return f"{each.area:.2f}, too few pictures for an interval, round {each.number}"
    return (
        f"{each.area:.2f} ({low:.2f} to {high:.2f}), {level * 100:.0f}{THIN}% interval, "
        f"round {each.number}"
    )


def _interval(each: Pass) -> tuple[float, float]:
    area = each.area or 0.0
    low = area if each.area_low is None else each.area_low
    return low, area if each.area_high is None else each.area_high


def _rounds(seen: Seen) -> int:
    return max(seen.facts.passes, len(seen.passes), 1)


def _now(seen: Seen) -> tuple[Mark, ...]:
    if seen.status.going_on and seen.passes:
        return (Mark(seen.passes[-1].number, "now"),)
    return ()
