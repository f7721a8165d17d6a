"""What the numbers of a run mean, in plain words, and what speaks against shipping it."""

from collections.abc import Sequence

from engine.runs import Measured, Seen, of_area

FEW = 30
"""Held-out pictures of a class below which the interval is called wide."""
FLAT = 3
COLLAPSED_BELOW = 0.02
"""Standard deviation of the answers to held-back pictures (METHODS Q3, Q5.2)."""


def doubt(seen: Seen) -> str:
    """What speaks against what a run has learnt; empty where nothing does.

    That the pass that is kept errs as much as one answer to all would, the share p of referable
    pictures, which errs by the variance p (1 - p); or that what was measured may be chance.
    """
    facts, best = seen.facts, seen.best
    if seen.measured is not None:
        return chance(seen.measured)
    if best is None or best.held_error is None or not facts.held_out:
        return ""
    share = facts.held_referable / facts.held_out
    variance = share * (1 - share)
    if best.held_error < variance:
        if best.area is None or best.area_low is None or best.area_high is None:
            return ""
        return chance(of_area(best.area, (best.area_low, best.area_high)))
    beyond_chance = 0.5 < (best.area_low or 0.0) < (best.area_high or 0.0)
    learnt = (
        "It tells which is likelier, but its figures cannot be taken for probabilities"
        if beyond_chance
        else "It has learnt nothing that held-out pictures show"
    )
    return (
        f"{learnt}: its error on them is {best.held_error:.3f}, and always giving the same answer "
        f"would have {variance:.3f}."
    )


def chance(measured: Measured) -> str:
    """That nothing shows that it tells better than chance; empty where something does.

    decided: where the interval does not lie above what a guess has; below it is no better.
    """
    low, high = measured.interval
    if low > measured.guess:
        return ""
    return (
        f"Nothing shows that it tells better than chance: on pictures not learnt from its "
        f"{measured.figure} is {measured.value:.3f}, {measured.level:.0%} interval {low:.3f} to "
        f"{high:.3f}, and a guess has {measured.guess:g}."
    )


def notes(seen: Seen) -> tuple[str, ...]:
    """What the numbers of a run mean, in plain words; decided: at most what a reader can act on."""
    facts, rows = seen.facts, seen.passes
    said = [*_about_the_curve(seen), *_about_chance(seen)]
    spread = rows[-1].held_spread if rows else None
    if spread is not None and spread < COLLAPSED_BELOW:
        said.insert(0, "The network answers nearly the same for every held-out picture.")
    if facts.held_out:
        fewer = min(facts.held_referable, facts.held_out - facts.held_referable)
        if fewer < FEW:
            kind = "referable" if fewer == facts.held_referable else "other"
            said.append(
                f"Only {fewer} {kind} {'picture is' if fewer == 1 else 'pictures are'} held out. "
                "The interval is wide; a difference between two rounds may be chance."
            )
        said.append(
            "No name tells which pictures are of one patient: each counts as a patient of its "
            "own, and two eyes of one may stand on both sides."
            if facts.pictures_as_patients
            else "No patient is in both the fitting and the held-out set. Checked by patient, "
            "not by picture."
        )
    if facts.left_out:
        count = len(facts.left_out)
        said.append(f"{count} {'file was' if count == 1 else 'files were'} left out.")
    if rows and rows[-1].area is not None and len(rows) >= 3:
        said.append("The best round was chosen on the held-out pictures: its figure flatters.")
    return tuple(said)


def _about_chance(seen: Seen) -> Sequence[str]:
    """Beside whatever else is said of the curve: a best round may be as little as a guess."""
    best = seen.best
    if best is None or best.area_low is None or best.area_low > 0.5 or best.area == 1:
        return ()
    if seen.status.state == "refused":
        return ()
    return ("The interval does not lie above 0.5: the network may be no better than a guess.",)


def _about_the_curve(seen: Seen) -> Sequence[str]:
    rows, best = seen.passes, seen.best
    if best is None or seen.status.state == "refused":  # then nothing of it is kept
        return ()
    waited = rows[-1].number - best.number
    if waited >= FLAT:
        going = " Stopping now loses nothing." if seen.status.going_on else ""
        return (f"No gain for {waited} rounds. The best round ({best.number}) is kept.{going}",)
    if best.area == 1:
        return ("Every held-out pair is in the right order. With few pictures that may be chance.",)
    first, last = rows[0], rows[-1]
    if (
        len(rows) > FLAT
        and last.held_error is not None
        and first.held_error is not None
        and last.error < 0.5 * last.held_error
        and last.held_error > min(each.held_error or 1.0 for each in rows) * 1.1
    ):
        return ("It fits its own pictures ever better, and the held-out ones worse.",)
    return ()
