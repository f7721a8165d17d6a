"""Vision networks that stages are learnt with: a picture becomes a row of features (METHODS L2)."""

from collections.abc import Callable, Mapping
from enum import StrEnum
from itertools import pairwise
from pathlib import Path

import torch
from torch import Tensor, nn

from engine.errors import Refusal
from engine.networks import torchvision
from engine.networks.lesion_network import FEATURES, Member
from engine.networks.lesion_network import initialise as initialise_lesions
from engine.networks.net_b import NetB
from engine.networks.operator_network import initialise as initialise_operators
from engine.networks.operators import Dropout


class FrozenNorms(StrEnum):
    """What frozen batch-norms do while the rest trains (METHODS L2)."""

    EVAL = "eval"
    """They use the statistics that they came with."""
    TRAIN = "train"
    """They use each batch's and go on averaging, as the framework of the paper's time did."""


class Backbone(nn.Module):
    """Pictures (n, 3, ``input_size``, ``input_size``) -> (n, ``features``).

    ``early`` names the modules before the paper's freezing boundary: the end of stage 2 of
    ResNet-50, of mixed1 of Inception-v3 (METHODS L2).
    """

    input_size: int
    features: int
    early: tuple[str, ...] = ()
    frozen_norms: FrozenNorms = FrozenNorms.EVAL

    def initialise(self, generator: torch.Generator) -> None:
        """Draw all weights anew."""
        raise NotImplementedError

    def freeze(self, *, all_: bool = False, norms: FrozenNorms = FrozenNorms.EVAL) -> None:
        """Keep what is before the boundary, or everything, as it is: no gradients.

        What is frozen stays in evaluation mode while the rest trains (METHODS L2, decided), but for
        the statistics of ``norms``, if that is asked for.
        """
        self.frozen_norms = norms
        for frozen in self._frozen_modules(all_=all_):
            frozen.requires_grad_(False)

    def train(self, mode: bool = True) -> "Backbone":
        """As ``nn.Module.train``, but what is frozen stays in evaluation mode."""
        super().train(mode)
        for module in self.modules():
            if self.frozen_norms is FrozenNorms.TRAIN and isinstance(module, nn.BatchNorm2d):
                continue
            weights = list(module.parameters())
            if weights and not any(weight.requires_grad for weight in weights):
                module.training = False
                for within in module.children():
                    if not [*within.parameters()]:
                        within.training = False  # dropout has no weights to be frozen
        return self

    def _frozen_modules(self, *, all_: bool) -> list[nn.Module]:
        return [self] if all_ else [self.get_submodule(name) for name in self.early]


class _Block(nn.Module):
    """Two convolutions beside a shortcut; the first halves the grid."""

    def __init__(self, maps_in: int, maps: int) -> None:
        super().__init__()
        self.first = nn.Conv2d(maps_in, maps, 3, 2, 1, bias=False)
        self.first_norm = nn.BatchNorm2d(maps)
        self.second = nn.Conv2d(maps, maps, 3, 1, 1, bias=False)
        self.second_norm = nn.BatchNorm2d(maps)
        self.shortcut = nn.Conv2d(maps_in, maps, 1, 2, bias=False)
        self.shortcut_norm = nn.BatchNorm2d(maps)

    def forward(self, x: Tensor) -> Tensor:
        y = torch.relu(self.first_norm(self.first(x)))
        y = self.second_norm(self.second(y))
        return torch.relu(y + self.shortcut_norm(self.shortcut(x)))


class Small(Backbone):
    """A residual network small enough to be trained from nothing on two cores (ours)."""

    MAPS = (16, 32, 64, 128, 192)

    def __init__(self, size: int = 224) -> None:
        super().__init__()
        self.input_size = size
        self.features = self.MAPS[-1]
        self.stem = nn.Conv2d(3, self.MAPS[0], 5, 2, 2, bias=False)
        self.stem_norm = nn.BatchNorm2d(self.MAPS[0])
        self.blocks = nn.Sequential(*(_Block(*maps) for maps in pairwise(self.MAPS)))
        self.early = ("stem", "stem_norm", "blocks.0")

    def initialise(self, generator: torch.Generator) -> None:
        """See ``Backbone.initialise``: He's for what a rectifier follows."""
        _draw_convolutions(self, generator)

    def forward(self, x: Tensor) -> Tensor:
        """Features of pictures, averaged over the last grid."""
        x = torch.relu(self.stem_norm(self.stem(x)))
        features: Tensor = self.blocks(x).mean(dim=(2, 3))
        return features


class NetBFeatures(Backbone):
    """Net B up to its last pooling: 512 maps of 2 x 2."""

    def __init__(self, size: int = 224) -> None:
        super().__init__()
        whole = NetB(size)
        operators = list(whole.operators)
        behind = next(i for i, operator in enumerate(operators) if isinstance(operator, Dropout))
        self.input_size = size
        self.operators = nn.ModuleList(operators[:behind])
        with torch.inference_mode():
            self.features = self(torch.zeros(1, 3, size, size)).shape[1]
        # Decided: to the first pooling, as the paper's boundaries lie a fifth into theirs.
        self.early = tuple(f"operators.{i}" for i in range(3))

    def initialise(self, generator: torch.Generator) -> None:
        """See ``Backbone.initialise``: as net B's own (METHODS Q3)."""
        whole = NetB(self.input_size)
        initialise_operators(whole, generator)
        drawn = whole.state_dict()
        self.load_state_dict({name: drawn[name] for name in self.state_dict()})

    def forward(self, x: Tensor) -> Tensor:
        """Features of pictures: the last pooling's maps."""
        for operator in self.operators:
            x = operator(x)
        return x.flatten(1)


class _OfTorchvision(Backbone):
    """A network of torchvision without its classifier, its weights in torchvision's own names."""

    features = 2048
    input_size = 200
    """The paper's resized pictures."""

    def __init__(self, inner: nn.Module, early: tuple[str, ...]) -> None:
        super().__init__()
        self.inner = inner
        self.early = tuple(f"inner.{name}" for name in early)

    def initialise(self, generator: torch.Generator) -> None:
        """See ``Backbone.initialise``."""
        _draw_convolutions(self, generator)

    def forward(self, x: Tensor) -> Tensor:
        """Features of pictures, averaged over the last grid."""
        found: Tensor = self.inner(x)
        return found


class Inception(_OfTorchvision):
    """Inception-v3 without its auxiliary classifier."""

    EARLY = (
        "Conv2d_1a_3x3", "Conv2d_2a_3x3", "Conv2d_2b_3x3", "Conv2d_3b_1x1", "Conv2d_4a_3x3",
        "Mixed_5b", "Mixed_5c",
    )  # fmt: skip

    def __init__(self) -> None:
        models = torchvision.load().models
        inner = models.inception_v3(weights=None, aux_logits=False, init_weights=False)
        inner.fc, inner.dropout = nn.Identity(), nn.Identity()
        super().__init__(inner, self.EARLY)


class ResNet50(_OfTorchvision):
    """ResNet-50."""

    EARLY = ("conv1", "bn1", "layer1")
    MEAN, DEVIATION = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)
    """Of ImageNet's colours from 0 to 1, as torchvision tells them."""
    mean: Tensor
    deviation: Tensor

    def __init__(self) -> None:
        inner = torchvision.load().models.resnet50(weights=None)
        inner.fc = nn.Identity()
        super().__init__(inner, self.EARLY)
        # Not saved: they are no weights.
        for name, value in (("mean", self.MEAN), ("deviation", self.DEVIATION)):
            self.register_buffer(name, torch.tensor(value).view(1, 3, 1, 1), persistent=False)

    def forward(self, x: Tensor) -> Tensor:
        """See ``Backbone``; from [-1, 1) to what its published weights expect (METHODS L2)."""
        return super().forward(((x + 1) / 2 - self.mean) / self.deviation)


class LesionFeatures(Backbone):
    """A network that draws lesions: how much of each kind, its deepest features, its own grades."""

    def __init__(self, size: int = 512) -> None:
        super().__init__()
        self.input_size = size
        self.features = FEATURES
        self.member = Member()
        self.early = ("member.stem", "member.near", "member.blocks.0")

    def initialise(self, generator: torch.Generator) -> None:
        """See ``Backbone.initialise``: as the network's own."""
        initialise_lesions(self.member, generator)

    def forward(self, x: Tensor) -> Tensor:
        """Features of pictures."""
        return self.member.features(x)


BACKBONES: Mapping[str, Callable[[], Backbone]] = {
    "small_224": Small,
    "small_112": lambda: Small(112),
    "net_b_224": NetBFeatures,
    "net_b_448": lambda: NetBFeatures(448),
    "inception_v3": Inception,
    "resnet50": ResNet50,
    "lesions_512": LesionFeatures,
}


SIZES = (112, 200, 224, 448, 512)
"""Network pixels of any of them."""


def build(name: str) -> Backbone:
    """The backbone called ``name``, channels-last, its weights still to be loaded or drawn.

    Raises:
        Refusal: the name is unknown.
    """
    if name not in BACKBONES:
        raise Refusal(
            f'The backbone "{name}" is not known.',
            f"This version knows {', '.join(sorted(BACKBONES))}.",
            "Choose one of them in the plan.",
        )
    return BACKBONES[name]().to(memory_format=torch.channels_last)  # type: ignore[call-overload,no-any-return]


def load_weights(backbone: Backbone, path: Path) -> None:
    """Load weights from a local file, .safetensors or .pth: torchvision's own names, or ours.

    Also out of a stage pack's network, or a checkpoint of its run. Tensors alone are read: nothing
    in the file is run. A classifier's are left out.

    Raises:
        Refusal: the file cannot be read, or is of another network.
    """
    tensors = _read_tensors(path)
    into: nn.Module = backbone
    for place in ("network.backbone.", "backbone."):
        if within := [name for name in tensors if name.startswith(place)]:
            tensors = {name.removeprefix(place): tensors[name] for name in within}
            break
    else:
        into = backbone.inner if isinstance(backbone, _OfTorchvision) else backbone
    wanted = into.state_dict()
    kept = {name: value for name, value in tensors.items() if name in wanted}
    missing = [name for name in wanted if name not in kept and "num_batches" not in name]
    wrong = [name for name, value in kept.items() if value.shape != wanted[name].shape]
    if missing or wrong:
        raise Refusal(
            f"The weights in {path.name} are of another network.",
            f"{len(missing)} tensors are missing and {len(wrong)} have another shape.",
            "Give a file of weights that was made for this network.",
        )
    into.load_state_dict(kept, strict=False)


def _read_tensors(path: Path) -> dict[str, Tensor]:
    try:
        if path.suffix == ".safetensors":
            from safetensors.torch import load_file

            return load_file(path)
        read = torch.load(path, map_location="cpu", weights_only=True)
    except Exception as fault:  # torch and safetensors raise a dozen kinds for a damaged file
        raise Refusal(
            f"The weights in {path.name} could not be read.",
            f"Reading ended with {type(fault).__name__}.",
            "Give a file of tensors, .safetensors or .pth.",
        ) from fault
    if not isinstance(read, dict) or not all(isinstance(value, Tensor) for value in read.values()):
        raise Refusal(
            f"The weights in {path.name} could not be read.",
            "The file holds something else than named tensors.",
            "Give a file of tensors, .safetensors or .pth.",
        )
    return read


def _draw_convolutions(network: nn.Module, generator: torch.Generator) -> None:
    """He's normal weights for every convolution; norms begin as the identity."""
    for module in network.modules():
        if isinstance(module, nn.Conv2d):
            drawn = torch.empty(module.weight.shape)
            nn.init.kaiming_normal_(drawn, mode="fan_out", nonlinearity="relu", generator=generator)
            with torch.no_grad():
                module.weight.copy_(drawn)
        elif isinstance(module, nn.BatchNorm2d):
            module.reset_running_stats()
            nn.init.ones_(module.weight)
            nn.init.zeros_(module.bias)
