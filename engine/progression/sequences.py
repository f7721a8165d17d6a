"""Which stages follow each other in a sequence, and which pictures stand for them (METHODS L1)."""

from enum import StrEnum

import numpy as np
from numpy.typing import NDArray


class Order(StrEnum):
    """How the K stages of a sequence follow each other, from a shift i drawn for each sequence."""

    CYCLIC = "cyclic"
    """Eq. 1: (i + k) mod K."""
    NONREGRESSION = "nonregression"
    """Eq. 9: min(i + k, K - 1)."""
    NONREGRESSION_BALANCED = "nonregression_balanced"
    """The same; every stage weighs the same in the loss (control, ours)."""
    REVERSE = "reverse"
    """(i - k) mod K: as learnable as cyclic, and wrong medically (control, ours)."""
    SHUFFLED = "shuffled"
    """Every stage once, in an order drawn anew: it carries nothing (control, ours)."""
    IID = "iid"
    """Every step drawn by itself (control, ours)."""


def rows(order: Order, stages: int) -> NDArray[np.intp]:
    """The stages of the sequence for every shift, (K, K): row i has shift i.

    Raises:
        ValueError: fewer than one stage, or an order that is drawn and has no rows.
    """
    if stages < 1:
        raise ValueError(f"a sequence needs stages and there are {stages}")
    shift, step = np.arange(stages)[:, None], np.arange(stages)[None]
    match order:
        case Order.CYCLIC:
            found = (shift + step) % stages
        case Order.NONREGRESSION | Order.NONREGRESSION_BALANCED:
            found = np.minimum(shift + step, stages - 1)
        case Order.REVERSE:
            found = (shift - step) % stages
        case _:
            raise ValueError(f"the order {order} is drawn anew for each sequence")
    return found


def row(order: Order, stages: int, shift: int) -> NDArray[np.intp]:
    """The stages of the sequence that begins with ``shift``, (K,).

    Raises:
        ValueError: ``shift`` is no stage, or as ``rows``.
    """
    found = rows(order, stages)
    if not 0 <= shift < stages:
        raise ValueError(f"the shift {shift} is none of 0 to {stages - 1}")
    one: NDArray[np.intp] = found[shift]
    return one


def draw_stages(
    order: Order, stages: int, count: int, draw: np.random.Generator
) -> NDArray[np.intp]:
    """The stages of ``count`` sequences, (count, K); shifts are uniform (METHODS L4.4)."""
    if order is Order.IID:
        return draw.integers(stages, size=(count, stages))
    if order is Order.SHUFFLED:
        return draw.permuted(np.tile(np.arange(stages), (count, 1)), axis=1)
    return rows(order, stages)[draw.integers(stages, size=count)]


def stage_weights(order: Order, stages: int) -> NDArray[np.float64]:
    """What each stage's terms are multiplied by, (K,), so that all weigh the same: K² / (K count).

    Ones for every order but ``nonregression_balanced``.
    """
    if order is not Order.NONREGRESSION_BALANCED:
        return np.ones(stages)
    counts = np.bincount(rows(order, stages).ravel(), minlength=stages)
    return stages / counts


def draw_pictures(
    wanted: NDArray[np.intp], of_stage: list[NDArray[np.intp]], draw: np.random.Generator
) -> NDArray[np.intp]:
    """A picture of each wanted stage (n, K) -> (n, K), from those that each stage has.

    Within a sequence the pictures of a stage are distinct where it has enough; between sequences
    they come again (METHODS L1, decided).
    """
    chosen = np.empty_like(wanted)
    for sequence, into in zip(wanted, chosen, strict=True):
        for stage in np.unique(sequence):
            places = np.flatnonzero(sequence == stage)
            pictures = of_stage[stage]
            enough = len(pictures) >= len(places)
            into[places] = draw.choice(pictures, len(places), replace=not enough)
    return chosen
