"""The question: from a photograph to a probability and a heatmap that lies where it should."""

import dataclasses
from itertools import combinations

import msgspec
import numpy as np
import pytest
import torch
from torch import Tensor, nn

from engine.answers import Criterion, Decision
from engine.criteria import gradient
from engine.errors import Cancelled, Refusal
from engine.packs.pack import Pack
from engine.phantoms.eye import Form, Lesion, Mark, draw_eye
from engine.pictures import Photograph
from engine.questions import looking, retinopathy
from engine.task import Task


@pytest.fixture
def pack(untrained: Pack) -> Pack:
    return untrained


def photograph(pixels: np.ndarray) -> Photograph:
    return Photograph(pixels, "eye.png", "0", warnings=("Said by the reader.",))


def ask(
    pack: Pack, pixels: np.ndarray, criterion: Criterion = Criterion.PI, task: Task | None = None
):  # type: ignore[no-untyped-def]
    return retinopathy.answer(photograph(pixels), pack, criterion, "processor", task or Task())


class Energy(nn.Module):
    """f = half the sum of squares, so that pi is the square of what differs from its background."""

    def forward(self, x: Tensor) -> Tensor:
        return x.square().sum((1, 2, 3)) / 2


@pytest.mark.parametrize("place", [(0.3, 0.2), (-0.45, -0.35)])
def test_the_heatmap_lies_on_a_lesion_whose_place_is_known(
    pack: Pack, monkeypatch: pytest.MonkeyPatch, place: tuple[float, float]
) -> None:
    monkeypatch.setattr(looking, "_network", lambda *_: Energy())
    mark = Mark(Lesion.HARD_EXUDATE, *place, radius=0.03, form=Form.DOT)
    maps, field = [], None
    for lesions in ([mark], []):
        eye = draw_eye(5, lesions=lesions, width=1400)
        _, heatmap = ask(pack, eye.pixels)
        assert heatmap is not None
        maps.append(heatmap.on_picture())
        field = eye.field
    assert maps[0].shape == eye.pixels.shape[:2]
    gained = np.clip(maps[0] - maps[1], 0, None)
    y, x = np.indices(gained.shape)
    found = np.array([(gained * x).sum(), (gained * y).sum()]) / gained.sum()
    expected = np.array([field.x + place[0] * field.radius, field.y + place[1] * field.radius])
    network_pixel = 0.9 * 2 * field.radius / 112
    assert np.abs(found - expected).max() < 0.5 * network_pixel


def test_an_answer_holds_all_that_the_door_promises(pack: Pack) -> None:
    eye = draw_eye(3, severity=3, width=900)
    answer, heatmap = ask(pack, eye.pixels)
    assert answer.question == "retinopathy"
    assert answer.probability is not None
    assert answer.interval is not None
    assert answer.interval.low <= answer.probability <= answer.interval.high
    assert answer.interval.level == 0.9
    assert answer.decision == (
        Decision.REFERABLE if answer.probability >= 0.4 else Decision.NOT_REFERABLE
    )
    assert answer.pack == pack.reference
    assert answer.device == "cpu"
    assert "Said by the reader." in answer.warnings
    assert heatmap is not None
    assert heatmap.values.shape == (112, 112)
    assert heatmap.values.dtype == np.float32
    assert answer.resolution == pytest.approx(0.9 * 2 * eye.field.radius / 112, rel=0.01)


def test_no_area_is_marked_in_a_picture_without_a_round_field(pack: Pack) -> None:
    crop = draw_eye(3, width=1200).pixels[400:800, 400:800]
    answer, _ = ask(pack, crop)
    assert "No round field" in answer.reasons[0].why
    assert answer.assessed is None
    dark, _ = ask(pack, draw_eye(3, width=700).pixels // 8)
    assert "too dark" in dark.reasons[0].why
    assert dark.assessed is not None


def test_the_decision_is_referable_from_the_operating_point_on(pack: Pack) -> None:
    eye = draw_eye(3, width=700)
    probability = ask(pack, eye.pixels)[0].probability
    for point, decision in (
        (probability, Decision.REFERABLE),
        (np.nextafter(probability, 1), Decision.NOT_REFERABLE),
    ):
        manifest = msgspec.structs.replace(pack.manifest, operating_point=point)
        moved = dataclasses.replace(pack, manifest=manifest)
        assert ask(moved, eye.pixels)[0].decision == decision


@pytest.mark.parametrize("criterion", list(Criterion))
def test_nothing_is_shown_outside_the_field(
    pack: Pack, drawing_pack: Pack, criterion: Criterion
) -> None:
    eye = draw_eye(3, width=700)
    _, heatmap = ask(pack if criterion in pack.criteria else drawing_pack, eye.pixels, criterion)
    assert heatmap is not None
    values = heatmap.on_picture()
    y, x = np.indices(values.shape)
    outside = np.hypot(x - eye.field.x, y - eye.field.y) > eye.field.radius
    assert values[outside].max() == 0
    assert values.max() > 0


def test_relevance_has_its_sign_and_the_others_none(pack: Pack) -> None:
    eye = draw_eye(3, width=700)
    for criterion in pack.criteria:
        _, heatmap = ask(pack, eye.pixels, criterion)
        assert heatmap is not None
        assert (heatmap.signed is not None) is (criterion is Criterion.RELEVANCE)
        if heatmap.signed is not None:
            assert np.array_equal(np.abs(heatmap.signed), heatmap.values)
            assert heatmap.signed.min() < 0 < heatmap.signed.max()


@pytest.mark.parametrize("of", ["untrained", "drawing_pack"])
def test_the_criteria_give_the_same_probability_and_different_maps(
    request: pytest.FixtureRequest, of: str
) -> None:
    pack: Pack = request.getfixturevalue(of)
    eye = draw_eye(3, width=700)
    found = [ask(pack, eye.pixels, each) for each in pack.criteria]
    probabilities = [answer.probability for answer, _ in found]
    assert probabilities == pytest.approx([probabilities[0]] * len(pack.criteria), abs=1e-4)
    shown = [heatmap.on_picture() for _, heatmap in found if heatmap is not None]
    assert len(shown) == len(pack.criteria) == 4
    for one, other in combinations(shown, 2):
        assert not np.allclose(one / one.max(), other / other.max(), atol=0.01)


def test_a_pack_that_draws_lesions_is_asked_for_them_unless_another_is_named(
    pack: Pack, drawing_pack: Pack
) -> None:
    shown = photograph(draw_eye(3, width=700).pixels)
    for of, usual in ((pack, Criterion.PI), (drawing_pack, Criterion.LESIONS)):
        assert retinopathy.answer(shown, of, None, "processor", Task())[0].criterion is usual
    with pytest.raises(Refusal, match="lesions, pi, omega, pi_photograph"):
        ask(drawing_pack, shown.pixels, Criterion.RELEVANCE)


def test_drawn_lesions_are_the_networks_own_maps_found_without_a_gradient(
    drawing_pack: Pack, monkeypatch: pytest.MonkeyPatch
) -> None:
    from engine.criteria import interface
    from engine.networks.lesion_network import any_lesion, of_each_kind
    from engine.preparation import fundus

    monkeypatch.setattr(interface, "input_gradient", None)
    eye = draw_eye(3, width=700)
    answer, heatmap = ask(drawing_pack, eye.pixels, Criterion.LESIONS)
    prepared = fundus.prepare(eye.pixels, 128)
    network = drawing_pack.network()
    with torch.no_grad():
        drawn = network.draw(torch.from_numpy(prepared.values)[None])  # type: ignore[operator]
    chances = of_each_kind(drawn)[0].numpy()
    assert heatmap is not None and heatmap.kinds is not None and heatmap.chance
    assert heatmap.values.shape == heatmap.kinds.places.shape == (128, 128)
    np.testing.assert_array_equal(heatmap.kinds.places[::2, 1::2], chances.argmax(0))
    whole = any_lesion(drawn, 64)[0].numpy()
    inside = prepared.mask[40:80, 40:80]
    assert inside.all()
    # Bilinear between the centres of 2 x 2 pixels: their mean is the same up to the slope.
    mean = heatmap.values.reshape(64, 2, 64, 2).mean((1, 3))
    np.testing.assert_allclose(mean[20:40, 20:40], whole[20:40, 20:40], atol=0.15)
    assert [name for name, _ in answer.lesions] == list(heatmap.kinds.names)


def test_what_is_drawn_at_half_the_grid_says_so_and_a_gradient_does_not(
    drawing_pack: Pack,
) -> None:
    eye = draw_eye(4, severity=2, width=900)
    network_pixel = 0.9 * 2 * eye.field.radius / 128
    drawn, gradient = (
        ask(drawing_pack, eye.pixels, criterion)[0].resolution
        for criterion in (Criterion.LESIONS, Criterion.PI)
    )
    assert drawn == pytest.approx(2 * network_pixel, rel=0.01)
    assert gradient == pytest.approx(network_pixel, rel=0.01)


def test_pi_of_the_photograph_lies_on_the_resized_photographs_grid(
    pack: Pack, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(looking, "_network", lambda *_: Energy())
    mark = Mark(Lesion.HARD_EXUDATE, 0.3, 0.2, radius=0.03, form=Form.DOT)
    maps, field = [], None
    for lesions in ([mark], []):
        eye = draw_eye(5, lesions=lesions, width=1400)
        answer, heatmap = ask(pack, eye.pixels, Criterion.PI_PHOTOGRAPH)
        assert heatmap is not None
        assert heatmap.values.shape == (128, 128)
        assert answer.resolution == pytest.approx(2 * eye.field.radius / 128, rel=0.01)
        maps.append(heatmap.on_picture())
        field = eye.field
    gained = np.clip(maps[0] - maps[1], 0, None)
    gained[gained < gained.max() / 4] = 0  # the rings of the background filter
    y, x = np.indices(gained.shape)
    found = np.array([(gained * x).sum(), (gained * y).sum()]) / gained.sum()
    expected = np.array([field.x + 0.3 * field.radius, field.y + 0.2 * field.radius])
    assert np.abs(found - expected).max() < 0.5 * answer.resolution


@pytest.mark.parametrize(
    "pixels",
    [
        np.zeros((600, 800, 3), np.uint8),
        np.full((600, 800, 3), 255, np.uint8),
        (draw_eye(3, width=700).pixels * 0.04).astype(np.uint8),
    ],
    ids=["black", "white", "dark"],
)
def test_what_cannot_be_graded_gets_reasons_and_no_number(pack: Pack, pixels: np.ndarray) -> None:
    answer, heatmap = ask(pack, pixels)
    assert answer.decision == Decision.UNGRADABLE
    assert answer.probability is None
    assert answer.interval is None
    assert heatmap is None
    assert answer.reasons
    assert all(reason.why and reason.advice for reason in answer.reasons)


def test_a_cancelled_question_ends_as_cancelled(pack: Pack) -> None:
    task = Task()
    task.cancel()
    with pytest.raises(Cancelled):
        ask(pack, draw_eye(3, width=700).pixels, task=task)


def test_a_pack_for_another_question_is_refused_before_running(pack: Pack) -> None:
    other = dataclasses.replace(
        pack, manifest=msgspec.structs.replace(pack.manifest, question="stage")
    )
    with pytest.raises(Refusal, match="answers stage"):
        ask(other, draw_eye(3, width=700).pixels)


def test_a_pack_for_a_size_that_no_network_has_is_refused_before_running(pack: Pack) -> None:
    from engine.packs.manifest import Input

    manifest = msgspec.structs.replace(pack.manifest, input=Input("fundus", 100))
    with pytest.raises(Refusal, match="reads 100 pixels"):
        ask(dataclasses.replace(pack, manifest=manifest), draw_eye(3, width=700).pixels)


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (torch.cuda.OutOfMemoryError("out of memory"), "too little free memory"),
        (RuntimeError("cuDNN error: CUDNN_STATUS_ALLOC_FAILED"), "could not compute this"),
    ],
)
def test_a_card_that_cannot_hands_over_to_the_processor_and_says_so(
    pack: Pack, monkeypatch: pytest.MonkeyPatch, fault: RuntimeError, words: str
) -> None:
    from engine.criteria import interface
    from engine.networks import device as devices

    real, choose = interface.evidence, devices.choose
    tried: list[str] = []

    def fails_at_first(network: nn.Module, inputs: Tensor, *rest: object, **more: bool) -> object:
        tried.append("once")
        if len(tried) == 1:
            raise fault
        return real(network, inputs, *rest, **more)  # type: ignore[arg-type]

    def card_first(setting: str) -> devices.Device:
        # "cpu:0" computes as "cpu" does, and is told from it by its name as a card is.
        return choose(setting) if setting == "processor" else devices.Device("cpu:0", "")

    monkeypatch.setattr(interface, "evidence", fails_at_first)
    monkeypatch.setattr(devices, "choose", card_first)
    shown = photograph(draw_eye(3, width=700).pixels)
    answer, heatmap = retinopathy.answer(shown, pack, Criterion.PI, "automatic", Task())
    assert len(tried) == 2
    assert heatmap is not None
    assert answer.device == "cpu"
    assert any(words in warning for warning in answer.warnings)


def test_a_fault_on_the_processor_is_a_fault(pack: Pack, monkeypatch: pytest.MonkeyPatch) -> None:
    from engine.criteria import interface

    def broken(*_: object, **__: object) -> object:
        raise RuntimeError("broken")

    monkeypatch.setattr(interface, "evidence", broken)
    with pytest.raises(RuntimeError, match="broken"):
        ask(pack, draw_eye(3, width=700).pixels)


class OnACard(Tensor):
    """A tensor that NumPy cannot read until it is brought back, as on a graphics card."""

    def __array__(self, *_: object) -> np.ndarray:
        raise TypeError("can't convert cuda:0 device type tensor to numpy")

    def cpu(self) -> Tensor:  # type: ignore[override]
        return self.as_subclass(Tensor)


def test_a_map_made_on_a_card_is_brought_back(pack: Pack, monkeypatch: pytest.MonkeyPatch) -> None:
    from engine.criteria import interface

    real = interface.evidence

    def on_a_card(*arguments: object, **more: bool) -> interface.Evidence:
        found = real(*arguments, **more)  # type: ignore[arg-type]
        return dataclasses.replace(found, maps=found.maps.clone().as_subclass(OnACard))

    pixels = draw_eye(3, width=700).pixels
    _, expected = ask(pack, pixels)
    monkeypatch.setattr(interface, "evidence", on_a_card)
    _, heatmap = ask(pack, pixels)
    assert heatmap is not None
    assert expected is not None
    np.testing.assert_array_equal(heatmap.values, expected.values)


class NoNumber(nn.Module):
    """A network that has gone wrong."""

    def forward(self, x: Tensor) -> Tensor:
        return x.sum((1, 2, 3)) * float("nan")


def test_a_score_that_is_no_number_is_refused_and_not_called_healthy(
    pack: Pack, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(looking, "_network", lambda *_: NoNumber())
    with pytest.raises(Refusal, match="gave no number"):
        ask(pack, draw_eye(3, width=700).pixels)


@pytest.mark.parametrize("kind", ["untrained", "drawing_pack"])
def test_without_a_map_the_same_is_said_to_the_bit_and_nothing_goes_back(
    kind: str, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    pack: Pack = request.getfixturevalue(kind)
    pixels = draw_eye(3, severity=3, width=520).pixels
    whole, _ = retinopathy.answer(photograph(pixels), pack, None, "processor", Task())

    def back(*_: object) -> None:
        raise AssertionError("It went back.")

    monkeypatch.setattr(gradient, "_backward", back)
    said, heatmap = retinopathy.answer(
        photograph(pixels), pack, None, "processor", Task(), with_map=False
    )
    assert (said.probability, said.interval) == (whole.probability, whole.interval)
    assert said.lesions == whole.lesions
    assert (heatmap is None) is (kind == "untrained")
