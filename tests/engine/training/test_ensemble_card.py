"""The card of an ensemble says of which patients its figures are."""

from types import SimpleNamespace

import pytest

from engine.learning.features import Asks
from engine.training import ensemble_card

FIGURES = SimpleNamespace(area=0.8, area_interval=(0.7, 0.9))


@pytest.mark.parametrize(
    ("stacked_on", "said"),
    [
        ("train", "neither the networks nor the forest had learnt"),
        ("validation", "networks that had learnt from them scored what it learnt from"),
    ],
)
def test_figures_are_out_of_fold_only_where_no_network_had_a_hand(
    stacked_on: str, said: str
) -> None:
    forest = SimpleNamespace(
        asks=Asks.EYE, stacked_on=stacked_on, trees=3, depth=0, context=(), figures=FIGURES, cases=9
    )
    manifest = SimpleNamespace(
        figures=FIGURES, checkpoints=(), forests=(forest,), data=SimpleNamespace(pictures=9)
    )
    card = ensemble_card.text(manifest, 4)
    assert said in card
    assert ("All figures are out of fold" in card) == (stacked_on == "train")
