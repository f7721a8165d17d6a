"""Vision network and LSTM: the reference cell, the proposition of one pass, what is frozen."""

import numpy as np
import pytest
import torch
from safetensors.torch import save_file
from torch import nn

from engine.errors import Refusal
from engine.networks import backbones, registry
from engine.networks.lstm import Gates, Lstm
from engine.networks.stage_network import StageNetwork, StageOutput
from engine.progression.loss import SequenceLoss

K = 4


class Seen(backbones.Backbone):
    """A backbone of one layer, small enough for a test."""

    def __init__(self) -> None:
        super().__init__()
        self.input_size, self.features, self.early = 6, 5, ("first",)
        self.first = nn.Conv2d(3, 4, 3)
        self.norm = nn.BatchNorm2d(4)
        self.last = nn.Conv2d(4, 5, 3)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.last(torch.relu(self.norm(self.first(x)))).mean(dim=(2, 3))


@pytest.fixture
def network() -> StageNetwork:
    torch.manual_seed(0)
    made = StageNetwork(Seen(), K).double()
    made.initialise(torch.Generator().manual_seed(1))
    return made


@pytest.fixture
def pictures() -> torch.Tensor:
    return torch.randn(3, K, 3, 6, 6, generator=torch.Generator().manual_seed(2)).double()


@pytest.mark.parametrize("gates", list(Gates))
def test_the_cell_is_the_references(shared, gates: Gates) -> None:
    with np.load(shared("oracles/lstm_cell.npz")) as held:
        reference = {name: torch.from_numpy(held[name]) for name in held.files}
    cell = Lstm(5, 3, gates).double()
    cell.load_state_dict(
        {
            "from_input": reference["W_x"],
            "from_state": reference["W_h"],
            "bias": reference["b"],
        }
    )
    wanted = reference["h_hard" if gates is Gates.HARD else "h_sigmoid"]
    assert torch.allclose(cell(reference["z"]), wanted, rtol=0, atol=1e-12)


def test_with_plain_gates_it_is_torchs_lstm() -> None:
    theirs = nn.LSTM(7, 6, batch_first=True).double()
    ours = Lstm(7, 6, Gates.SIGMOID).double()
    ours.load_state_dict(
        {
            "from_input": theirs.weight_ih_l0,
            "from_state": theirs.weight_hh_l0,
            "bias": theirs.bias_ih_l0 + theirs.bias_hh_l0,
        }
    )
    z = torch.randn(4, 5, 7).double()
    assert torch.allclose(ours(z), theirs(z)[0], rtol=0, atol=1e-12)


def test_sizes_are_the_papers() -> None:
    made = StageNetwork(backbones.build("resnet50"), K)
    count = {name: sum(p.numel() for p in module.parameters()) for name, module in
             made.named_children()}  # fmt: skip
    assert count["to_features"] == 524_544
    assert count["lstm"] == 525_312
    assert count["by_lstm"] == count["by_vision"] == 1_028


def test_the_first_step_of_a_repeated_picture_is_that_of_the_picture_alone(
    network, pictures
) -> None:
    network.eval()
    once = network(pictures[:, 0])
    repeated = network.sequences(pictures[:, :1].repeat(1, K, 1, 1, 1))
    assert torch.allclose(once.lstm[:, 0], repeated.lstm[:, 0], rtol=0, atol=1e-14)
    assert torch.allclose(once.vision[:, 0], repeated.vision[:, 0], rtol=0, atol=1e-14)


def test_what_comes_later_does_not_touch_the_first_step(network, pictures) -> None:
    network.eval()
    before = network.sequences(pictures)
    changed = pictures.clone()
    changed[:, 1:] = torch.randn_like(changed[:, 1:])
    after = network.sequences(changed)
    assert torch.equal(before.lstm[:, 0], after.lstm[:, 0])
    assert torch.equal(before.vision[:, 0], after.vision[:, 0])
    assert not torch.equal(before.lstm[:, 1], after.lstm[:, 1])


@pytest.mark.parametrize(("alpha", "beta"), [(1.0, 0.0), (0.0, 1.0)])
def test_either_head_reaches_the_vision_network_and_none_what_is_frozen(
    network, pictures, alpha: float, beta: float
) -> None:
    network.backbone.freeze()
    network.train()
    before = {name: value.clone() for name, value in network.state_dict().items()}
    stages = torch.arange(K).repeat(3, 1)
    heads = network.sequences(pictures)
    loss = SequenceLoss((alpha,) * K, (beta,) * K)(heads.lstm, heads.vision, stages)
    optimiser = torch.optim.SGD([p for p in network.parameters() if p.requires_grad], 0.1)
    loss.backward()
    optimiser.step()
    assert network.backbone.first.weight.grad is None
    assert network.backbone.last.weight.grad.abs().max() > 0
    after = network.state_dict()
    assert torch.equal(after["backbone.first.weight"], before["backbone.first.weight"])
    assert not torch.equal(after["backbone.last.weight"], before["backbone.last.weight"])


def test_the_last_step_remembers_the_first_and_the_first_needs_no_memory(network, pictures) -> None:
    stages = torch.arange(K).repeat(3, 1)
    none = (0.0,) * K
    z = network.features(pictures.flatten(0, 1)).view(3, K, -1).detach().requires_grad_()
    logits = network.by_lstm(network.lstm(z))
    last = SequenceLoss((0.0, 0.0, 0.0, 1.0), none)(logits, logits, stages)
    (at_z,) = torch.autograd.grad(last, z, retain_graph=True)
    assert at_z[:, 0].abs().max() > 0
    first = SequenceLoss((1.0, 0.0, 0.0, 0.0), none)(logits, logits, stages)
    (at_u,) = torch.autograd.grad(first, network.lstm.from_state)
    assert at_u.abs().max() == 0


def test_what_is_frozen_stays_in_evaluation_mode_while_the_rest_trains() -> None:
    backbone = backbones.build("small_112")
    backbone.freeze()
    backbone.train()
    assert not backbone.stem_norm.training
    assert not backbone.blocks[0].first_norm.training
    assert backbone.blocks[1].first_norm.training
    backbone.freeze(all_=True)
    backbone.train()
    assert not any(module.training for module in backbone.modules() if list(module.parameters()))


def test_a_backbone_that_is_frozen_whole_gives_the_same_features_while_the_rest_trains() -> None:
    backbone = backbones.LesionFeatures(128)
    backbone.initialise(torch.Generator().manual_seed(0))
    backbone.freeze(all_=True)
    backbone.train()
    pictures = torch.randn(1, 3, 128, 128, generator=torch.Generator().manual_seed(1))
    assert torch.equal(backbone(pictures), backbone(pictures))


def test_statistics_of_what_is_frozen_are_never_touched_by_training() -> None:
    backbone = backbones.build("small_112")
    backbone.initialise(torch.Generator().manual_seed(0))
    backbone.freeze()
    before = {name: value.clone() for name, value in backbone.state_dict().items()}
    backbone.train()
    backbone(5 + torch.randn(4, 3, 112, 112, generator=torch.Generator().manual_seed(1)))
    changed = {
        name for name, value in backbone.state_dict().items() if (value != before[name]).any()
    }
    assert not any(name.startswith(("stem", "blocks.0.")) for name in changed)
    assert "blocks.1.first_norm.running_mean" in changed


def test_frozen_norms_may_go_on_averaging_while_their_weights_stay() -> None:
    backbone = Seen()
    backbone.early = ("first", "norm")
    backbone.freeze(norms=backbones.FrozenNorms.TRAIN)
    backbone.train()
    before, weight = backbone.norm.running_mean.clone(), backbone.norm.weight.clone()
    backbone(
        5 + torch.randn(4, 3, 6, 6, generator=torch.Generator().manual_seed(3))
    ).sum().backward()
    assert not torch.equal(backbone.norm.running_mean, before)
    assert torch.equal(backbone.norm.weight, weight)
    assert backbone.norm.weight.grad is None


def test_features_are_rectified_unless_asked_otherwise() -> None:
    shown = torch.randn(8, 3, 6, 6, generator=torch.Generator().manual_seed(4))
    for rectified in (True, False):
        torch.manual_seed(0)
        made = StageNetwork(Seen(), K, rectified=rectified).eval()
        made.initialise(torch.Generator().manual_seed(1))
        with torch.inference_mode():
            assert bool((made.features(shown) < 0).any()) is not rectified


@pytest.mark.parametrize("name", ["small_112", "small_224", "net_b_224"])
def test_a_backbone_gives_the_features_that_it_promises(name: str) -> None:
    backbone = backbones.build(name).eval()
    backbone.initialise(torch.Generator().manual_seed(0))
    with torch.inference_mode():
        size = backbone.input_size
        found = backbone(torch.randn(2, 3, size, size))
    assert found.shape == (2, backbone.features)
    assert found.std() > 0


def test_the_papers_boundaries_are_the_ends_of_their_blocks() -> None:
    for name, first_free in (("resnet50", "layer2"), ("inception_v3", "Mixed_5d")):
        backbone = backbones.build(name)
        backbone.freeze()
        children = list(backbone.inner.named_children())
        frozen = [
            not any(p.requires_grad for p in child.parameters())
            for _, child in children
            if list(child.parameters())
        ]
        named = [each for each, child in children if list(child.parameters())]
        assert frozen == [i < named.index(first_free) for i in range(len(named))]


def test_published_weights_are_read_from_a_file_and_others_refused(tmp_path) -> None:
    backbone = backbones.build("resnet50")
    backbone.initialise(torch.Generator().manual_seed(0))
    tensors = {f"{name}": value for name, value in backbone.inner.state_dict().items()}
    torch.save({**tensors, "fc.weight": torch.zeros(1000, 2048)}, tmp_path / "resnet.pth")
    other = backbones.build("resnet50")
    backbones.load_weights(other, tmp_path / "resnet.pth")
    assert torch.equal(other.inner.conv1.weight, backbone.inner.conv1.weight)
    torch.save({"conv1.weight": torch.zeros(1)}, tmp_path / "wrong.pth")
    with pytest.raises(Refusal, match="another network"):
        backbones.load_weights(other, tmp_path / "wrong.pth")
    (tmp_path / "damaged.safetensors").write_bytes(b"nothing of the kind")
    with pytest.raises(Refusal, match="could not be read"):
        backbones.load_weights(other, tmp_path / "damaged.safetensors")
    with pytest.raises(Refusal, match="another network"):
        backbones.load_weights(backbones.build("small_112"), tmp_path / "resnet.pth")
    small, again = backbones.build("small_112"), backbones.build("small_112")
    small.initialise(torch.Generator().manual_seed(1))
    save_file({name: value.contiguous() for name, value in small.state_dict().items()},
              tmp_path / "small.safetensors")  # fmt: skip
    backbones.load_weights(again, tmp_path / "small.safetensors")
    assert torch.equal(again.stem.weight, small.stem.weight)


@pytest.mark.parametrize("place", ["backbone.", "network.backbone."])
@pytest.mark.parametrize("name", ["small_112", "resnet50"])
def test_a_pack_and_a_checkpoint_of_its_run_lend_their_backbone(
    tmp_path, name: str, place: str
) -> None:
    lent, other = backbones.build(name), backbones.build(name)
    lent.initialise(torch.Generator().manual_seed(1))
    whole = {
        f"{place}{own}": value.clone().contiguous() for own, value in lent.state_dict().items()
    }
    save_file({**whole, "by_vision.weight": torch.zeros(4, 256)}, tmp_path / "network.safetensors")
    backbones.load_weights(other, tmp_path / "network.safetensors")
    for own, value in lent.state_dict().items():
        assert torch.equal(other.state_dict()[own], value)


def test_resnet_gets_the_colours_that_its_published_weights_expect() -> None:
    backbone = backbones.build("resnet50")
    seen: list[torch.Tensor] = []
    backbone.inner = Keep(seen)
    # Pure red of 8 bits, as pictures come: -1 to 1.
    red = torch.tensor([1.0, -1.0, -1.0]).view(1, 3, 1, 1).expand(1, 3, 4, 4)
    backbone(red)
    expected = torch.tensor([(1 - 0.485) / 0.229, -0.456 / 0.224, -0.406 / 0.225])
    torch.testing.assert_close(seen[0][0, :, 0, 0], expected)
    assert not {"mean", "deviation"} & set(backbone.state_dict())


class Keep(nn.Module):
    """Keeps what it was shown."""

    def __init__(self, seen: list[torch.Tensor]) -> None:
        super().__init__()
        self.seen = seen

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        self.seen.append(x)
        return x


def of_two(more: dict[str, int]) -> tuple[nn.Module, torch.Tensor]:
    """Two networks that a pack names with ``more``, ready to answer, and pictures for them."""
    arguments = {"backbone": "small_112", "stages": K, "gates": "hard", "size": 112, "members": 2}
    made = registry.build("stages", arguments | more)
    draw = torch.Generator().manual_seed(1)
    for member in made.members:
        member.backbone.initialise(draw)
        member.initialise(draw)
    return made.eval(), torch.randn(2, 3, 112, 112, generator=draw)


@pytest.mark.parametrize("vision", [0, 30, 100])
def test_a_pack_says_how_much_the_vision_head_counts(vision: int) -> None:
    made, pictures = of_two({"vision": vision})
    with torch.no_grad():
        heads = made(pictures)
        explained = StageOutput(made, 1)(pictures)
    weighed = (vision * heads.vision + (100 - vision) * heads.lstm)[:, 0] / 100
    others = weighed[:, [0, 2, 3]].logsumexp(1)
    torch.testing.assert_close(heads.mean[:, 0], weighed)
    torch.testing.assert_close(explained, weighed[:, 1] - others)


def test_a_photograph_may_be_asked_about_four_times_and_the_mean_is_told(
    network: StageNetwork, pictures: torch.Tensor
) -> None:
    seen = [pictures[:, 0].flip(axes) for axes in ((), (3,), (2,), (2, 3))]
    with torch.no_grad():
        apart = [network.eval()(each) for each in seen]
        explained = StageOutput(network, 1)(seen[0])
        network.views = 4
        together = network(pictures[:, 0])
        turned = network(seen[3])
        # What a heatmap explains is what is said of the picture as it lies.
        assert torch.equal(StageOutput(network, 1)(seen[0]), explained)
    for head in ("lstm", "vision"):
        mean = torch.stack([getattr(each, head) for each in apart]).mean(0)
        torch.testing.assert_close(getattr(together, head), mean)
    # Whichever way it lies, it is told the same.
    torch.testing.assert_close(together.mean, turned.mean)
    assert not torch.allclose(apart[0].vision, apart[1].vision)


def test_several_networks_are_each_asked_four_times() -> None:
    made, pictures = of_two({"views": 4})
    with torch.no_grad():
        together = made(pictures).vision
        apart = [
            member(pictures.flip(axes)).vision
            for member in made.members
            for axes in ((), (3,), (2,), (2, 3))
        ]
    torch.testing.assert_close(together, torch.stack(apart).mean(0), rtol=1e-4, atol=1e-5)
