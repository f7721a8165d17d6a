"""The whole check of a photograph: what it promises, and that it measures the map that is shown."""

from dataclasses import replace

import msgspec
import numpy as np
import pytest
import torch
from torch import Tensor, nn
from torch.utils.flop_counter import FlopCounterMode

from engine import own_mark
from engine.answers import Criterion
from engine.criteria.interface import evidence
from engine.errors import Cancelled, Refusal
from engine.faithfulness.curves import ORDERS, STEPS
from engine.faithfulness.overlap import Mask
from engine.geometry import place
from engine.networks import registry
from engine.networks.operators import Weighted
from engine.packs.pack import Pack
from engine.phantoms.eye import Form, Lesion, Mark, PhantomEye, draw_eye
from engine.pictures import Photograph
from engine.questions import joining, looking, retinopathy, truth
from engine.questions.truth_steps import of_a_map
from engine.task import Task
from engine.truth_check import RemovalOrder, TruthCheck

PLACE = (0.3, 0.2)
ASKED = [Criterion.PI_PHOTOGRAPH, Criterion.OMEGA]


@pytest.fixture(scope="module")
def eye() -> PhantomEye:
    mark = Mark(Lesion.HARD_EXUDATE, *PLACE, radius=0.06, form=Form.DOT)
    return draw_eye(5, lesions=[mark], width=700)


def photograph(eye: PhantomEye) -> Photograph:
    return Photograph(eye.pixels, "eye.png", "0", warnings=("Said by the reader.",))


class Spot(nn.Module):
    """Leans on the square where the exudate lies, and on nothing else."""

    def __init__(self) -> None:
        super().__init__()
        self.scale = nn.Linear(1, 1, bias=False)
        nn.init.constant_(self.scale.weight, 0.05)

    def forward(self, x: Tensor) -> Tensor:
        at = [round((112 - 1) / 2 + offset * 56 / 0.9) for offset in PLACE]
        part = x[:, :, at[1] - 6 : at[1] + 7, at[0] - 6 : at[0] + 7]
        return self.scale(part.square().sum((1, 2, 3))[:, None])[:, 0]


def marked(eye: PhantomEye) -> Mask:
    y, x = np.indices(eye.pixels.shape[:2])
    field = eye.field
    at = field.x + PLACE[0] * field.radius, field.y + PLACE[1] * field.radius
    return Mask(np.hypot(x - at[0], y - at[1]) < 0.06 * field.radius)


Checked = tuple[TruthCheck, tuple[RemovalOrder, ...], list[tuple[int, int]]]


@pytest.fixture(scope="module")
def checked(untrained: Pack, eye: PhantomEye) -> Checked:
    """One check by two criteria, and the progress that it told."""
    told: list[tuple[int, int]] = []
    task = Task(lambda _, done, total: told.append((done, total)))
    return *truth.check(photograph(eye), untrained, ASKED, "processor", task), told


@pytest.fixture
def spot(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(looking, "_network", lambda *_: Spot())


def test_drawn_lesions_are_checked_as_any_map_and_have_no_arithmetic_of_their_own(
    drawing_pack: Pack, eye: PhantomEye
) -> None:
    asked = [Criterion.LESIONS]
    found, _ = truth.check(photograph(eye), drawing_pack, asked, "processor", Task())
    (drawn,) = found.parts
    assert drawn.criterion is Criterion.LESIONS
    assert drawn.arithmetic_error is None
    assert np.isfinite([drawn.deletion.area, drawn.insertion.area, drawn.hoyer]).all()


@pytest.mark.usefixtures("spot")
def test_the_check_of_a_network_that_leans_on_the_lesion_alone(
    untrained: Pack, eye: PhantomEye
) -> None:
    found, _ = truth.check(
        photograph(eye), untrained, [Criterion.PI], "processor", Task(), marked(eye)
    )
    (part,) = found.parts
    assert found.probability > found.empty
    assert part.deletion.area < found.random_deletion.area_low
    assert part.insertion.area > found.random_insertion.area_high
    assert part.painted is not None
    assert part.painted.without < part.painted.elsewhere[0] <= part.painted.elsewhere[1]
    assert part.overlap is not None
    assert part.overlap.peak
    assert part.overlap.evidence > 10 * part.overlap.area


@pytest.mark.usefixtures("spot")
@pytest.mark.parametrize(("operating_point", "steps"), [(0.0, STEPS // 4), (1.0, STEPS)])
def test_where_the_curves_can_hardly_tell_they_have_fewer_steps(
    untrained: Pack,
    eye: PhantomEye,
    monkeypatch: pytest.MonkeyPatch,
    operating_point: float,
    steps: int,
) -> None:
    voice = joining.alone(untrained, "")
    judge = msgspec.structs.replace(voice.judge, operating_point=operating_point)
    monkeypatch.setattr(joining, "alone", lambda *_: replace(voice, judge=judge))
    told: list[tuple[int, int]] = []
    task = Task(lambda _, done, total: told.append((done, total)))
    found, _ = truth.check(photograph(eye), untrained, [Criterion.PI], "processor", task)
    (part,) = found.parts
    assert len(part.deletion.shares) == len(part.insertion.shares) == steps + 1
    assert told[-1][0] == told[-1][1]


def test_a_check_holds_all_that_it_promises(
    untrained: Pack, eye: PhantomEye, checked: Checked
) -> None:
    found, orders, _ = checked
    assert [part.criterion for part in found.parts] == ASKED
    assert [order.criterion for order in orders] == ASKED
    assert found.pack == untrained.reference
    assert found.device == "cpu"
    assert "Said by the reader." in found.warnings
    answer, _ = retinopathy.answer(photograph(eye), untrained, Criterion.PI, "processor", Task())
    # By another batch the last digits differ.
    assert found.probability == pytest.approx(answer.probability, abs=1e-5)
    for part in found.parts:
        assert len(part.deletion.shares) == STEPS + 1
        assert part.deletion.probabilities[0] == found.probability
        assert part.deletion.probabilities[-1] == found.empty
        assert part.insertion.probabilities[0] == found.empty
        assert part.insertion.probabilities[-1] == found.probability
        assert 0 <= part.hoyer <= 1
        assert 0 < part.top_share <= 1
        assert part.overlap is None
        assert (part.arithmetic_error is None) == (part.criterion is Criterion.OMEGA)
    assert found.random_deletion.orders == ORDERS


def test_every_layer_with_weights_forgets_in_its_turn(checked: Checked) -> None:
    network = registry.build("net_b", {"size": 112})
    layers = sum(isinstance(each, Weighted) for each in network.modules())
    assert {len(part.randomised) for part in checked[0].parts} == {layers}


@pytest.mark.parametrize("criterion", [Criterion.OMEGA, Criterion.PI_PHOTOGRAPH])
def test_pixels_are_removed_in_the_order_of_the_map_that_is_shown(
    untrained: Pack, eye: PhantomEye, checked: Checked, criterion: Criterion
) -> None:
    order = next(each for each in checked[1] if each.criterion is criterion)
    _, heatmap = retinopathy.answer(photograph(eye), untrained, criterion, "processor", Task())
    assert heatmap is not None
    assert order.shares.shape == heatmap.values.shape
    np.testing.assert_allclose(order.way_back, heatmap.way_back)
    assert order.picture_shape == heatmap.picture_shape
    gone = order.removed(0.1)
    assert gone.sum() == pytest.approx(0.1 * (order.shares <= 1).sum(), abs=1)
    kept = (order.shares <= 1) & ~gone
    assert heatmap.values[gone].min() >= heatmap.values[kept].max() * (1 - 1e-5)
    on_picture = place(gone.astype(np.float32), order.way_back, order.picture_shape)
    assert on_picture.shape == eye.pixels.shape[:2]
    assert on_picture.max() == 1


def test_the_same_photograph_gets_the_same_check_whatever_else_is_asked(
    untrained: Pack, eye: PhantomEye, checked: Checked
) -> None:
    alone, _ = truth.check(photograph(eye), untrained, [Criterion.OMEGA], "processor", Task())
    among = checked[0]
    assert among.parts[ASKED.index(Criterion.OMEGA)] == alone.parts[0]
    assert replace(among, parts=alone.parts, seconds=alone.seconds) == alone


def test_progress_goes_to_its_end(checked: Checked) -> None:
    counted = [each for each in checked[2] if each[1]]
    assert counted[0][0] == 0
    assert counted[-1][0] == counted[-1][1]
    assert [done for done, _ in counted] == sorted(done for done, _ in counted)
    assert len(counted) > 10


@pytest.mark.parametrize("views", [1, 4])
@pytest.mark.parametrize("criterion", [Criterion.PI, Criterion.OMEGA, Criterion.RELEVANCE])
def test_a_map_is_counted_by_the_products_that_it_takes(criterion: Criterion, views: int) -> None:
    network = registry.build("net_b", {"size": 112, "views": views}).eval()
    picture = torch.rand(1, 3, 112, 112)
    with FlopCounterMode(display=False) as asked, torch.no_grad():
        network(picture)
    with FlopCounterMode(display=False) as mapped:
        evidence(network, picture, criterion, Task(), with_error=False)
    times = mapped.get_total_flops() / asked.get_total_flops()
    assert round(times) == of_a_map(criterion)


@pytest.mark.usefixtures("spot")
@pytest.mark.parametrize("after", [1, 7, 8])
def test_a_cancel_ends_it_wherever_it_is(untrained: Pack, eye: PhantomEye, after: int) -> None:
    def count(_what: str, done: int, _total: int) -> None:
        if done >= after:
            task.cancel()

    task = Task(count)
    with pytest.raises(Cancelled):
        truth.check(photograph(eye), untrained, [Criterion.PI], "processor", task)


@pytest.mark.parametrize(
    ("said", "why"), [((), "too dark"), ((own_mark.WHY,), "LesionLens annotated")]
)
def test_a_photograph_that_cannot_be_graded_is_refused_in_words(
    untrained: Pack, eye: PhantomEye, said: tuple[str, ...], why: str
) -> None:
    pixels = eye.pixels if said else (eye.pixels // 8).astype(np.uint8)
    bad = replace(photograph(eye), pixels=pixels, warnings=said)
    with pytest.raises(Refusal) as refusal:
        truth.check(bad, untrained, [Criterion.PI], "processor", Task())
    assert "was not checked" in refusal.value.what
    assert why in refusal.value.why
