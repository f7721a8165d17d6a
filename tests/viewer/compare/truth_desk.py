"""The truth check of the Compare tab: its panel, and an answer that is given to it."""

import numpy as np
from compare_desk import page
from given_truth_check import check
from window_desk import Desk

from engine.answers import Criterion
from engine.service.messages import OrderFile, TruthChecked
from viewer.panels.truth import TruthPanel


def panel(desk: Desk) -> TruthPanel:
    return page(desk).truth.panel


def give(desk: Desk, *criteria: Criterion) -> TruthChecked:
    """The engine's answer: omega's, pi's and relevance's orders go from left to right."""
    asked = desk.engine.last("truth")
    criteria = criteria or tuple(asked.what["criteria"])
    shares = np.tile(np.arange(1, 61, dtype=np.float32) / 60, (60, 1))
    orders = []
    for each in criteria:
        file = desk.folder / f"order-{each}-{asked.id}.npy"
        np.save(file, shares)
        back = ((10.0, 0.0, 150.0), (0.0, 10.0, 0.0), (0.0, 0.0, 1.0))
        orders.append(OrderFile(each, str(file), back))
    word = TruthChecked(asked.id, check(*criteria), tuple(orders))
    desk.engine.truth_checked.emit(word)
    return word
