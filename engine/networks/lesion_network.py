"""A network that draws where the lesions are, and answers from what it drew (ours).

A narrow residual encoder, a decoder that climbs back to half the picture's grid, and there one map
for each kind of lesion. The grade is read from how strong, how high and how much each map is,
beside the deepest features, so that the maps are part of the answer and not a comment on it.
Residual blocks: He et al. 2016; the lateral ladder: Lin et al. 2017 (feature pyramids).

Rectified in place: nothing reads what a convolution gave before, and the memory that is not
asked for is a sixth of the time.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import torch
from torch import Tensor, nn
from torch.nn import functional as F
from torch.nn.utils.fusion import fuse_conv_bn_eval

from engine.networks.operator_network import check_pictures
from engine.task import Task

KINDS = ("microaneurysm", "haemorrhage", "hard exudate", "soft exudate", "new vessels")
"""What the maps show, in their order; a haemorrhage may lie before the retina, too."""

RARE = (12.0, 4.0, 6.0, 4.0, 4.0)
"""How much more a lesion's pixel weighs in training than another, by kind: the smallest are the
rarest. Chances that are told have these weights taken out again."""

_SMOOTHED = 0.7
"""Standard deviation, in pixels of the drawn maps, by which what is found together is smoothed."""

GRADES = 4
"""Thresholds of the ICDR scale: 1 or more, 2 or more, 3 or more, 4."""
REFERABLE = 1
"""The threshold that tells referable retinopathy: 2 or more."""
OEDEMA = 2
"""Thresholds of the risk of macular oedema: 1 or more, 2."""

SIZES = (128, 256, 384, 512, 640)
MOST_MEMBERS = 8
MAPS = (16, 32, 48, 64, 96)
_LADDER = 32
_FINE = 16
_EMPTY = -5.0
"""The logit that maps begin with."""
_CONTEXT = 128
_SEEN = 2 * _CONTEXT + 3 * len(KINDS)
FEATURES = _SEEN + GRADES + OEDEMA
_STRONGEST = 32
"""Pixels of a map that its strength is averaged over."""


@dataclass(frozen=True, eq=False)
class Drawn:
    """What a network drew and read: ``maps`` (n, kinds, s/2, s/2) and ``grades`` (n, thresholds).

    Both are logits. ``oedema`` (n, 2) is what it was taught beside them, and nobody is told.
    """

    maps: Tensor
    grades: Tensor
    oedema: Tensor


class _Conv(nn.Module):
    """A convolution, and its norm while it is trained; folded, the norm lies in the filter."""

    def __init__(
        self, maps_in: int, maps: int, window: int, stride: int = 1, *, norm: bool
    ) -> None:
        super().__init__()
        self.conv = nn.Conv2d(maps_in, maps, window, stride, window // 2, bias=not norm)
        self.norm = nn.BatchNorm2d(maps) if norm else None

    def forward(self, x: Tensor) -> Tensor:
        x = self.conv(x)
        return x if self.norm is None else self.norm(x)


class _Block(nn.Module):
    """Two convolutions beside a shortcut; the first halves the grid."""

    def __init__(self, maps_in: int, maps: int, *, norm: bool) -> None:
        super().__init__()
        self.first = _Conv(maps_in, maps, 3, 2, norm=norm)
        self.second = _Conv(maps, maps, 3, norm=norm)
        self.shortcut = _Conv(maps_in, maps, 1, 2, norm=norm)

    def forward(self, x: Tensor) -> Tensor:
        y = torch.relu_(self.first(x))
        return torch.relu_(self.second(y) + self.shortcut(x))


class Member(nn.Module):
    """One network of an ensemble."""

    def __init__(self, maps: Sequence[int] = MAPS, *, norm: bool = False) -> None:
        super().__init__()
        self.stem = _Conv(3, maps[0], 5, 2, norm=norm)
        self.near = _Conv(maps[0], maps[0], 3, norm=norm)
        self.blocks = nn.ModuleList(_Block(*each, norm=norm) for each in pairwise(maps))
        self.deepest = nn.Conv2d(maps[-1], _LADDER, 1)
        self.lateral = nn.ModuleList(nn.Conv2d(each, _LADDER, 1) for each in maps[-2:0:-1])
        self.rungs = nn.ModuleList(_Conv(_LADDER, _LADDER, 3, norm=norm) for _ in maps[-2:0:-1])
        self.narrow = nn.Conv2d(_LADDER, _FINE, 1)
        self.fine = nn.Conv2d(maps[0], _FINE, 1)
        self.last = _Conv(_FINE, _FINE, 3, norm=norm)
        self.drawn = nn.Conv2d(_FINE, len(KINDS), 1)
        self.context = _Conv(maps[-1], _CONTEXT, 1, norm=norm)
        self.mix = nn.Linear(_SEEN, 64)
        self.dropout = nn.Dropout(0.3)
        self.read = nn.Linear(64, GRADES + OEDEMA)

    def forward(self, x: Tensor) -> Drawn:
        """What it draws and reads of pictures (n, 3, s, s)."""
        maps, _, read = self._look(x)
        return Drawn(maps, read[:, :GRADES], read[:, GRADES:])

    def features(self, x: Tensor) -> Tensor:
        """What it reads from, and what it read: (n, ``FEATURES``)."""
        _, seen, read = self._look(x)
        return torch.cat([seen, read], dim=1)

    def stages(self) -> list[tuple[nn.Module, ...]]:
        """All its weights, in the order in which a picture passes them."""
        ladder: list[tuple[nn.Module, ...]] = list(zip(self.lateral, self.rungs, strict=True))
        ladder[0] = (self.deepest, *ladder[0])
        return [
            (self.stem, self.near),
            *((block,) for block in self.blocks),
            *ladder,
            (self.narrow, self.fine),
            (self.last, self.drawn),
            (self.context, self.mix, self.read),
        ]

    def _look(self, x: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        x = torch.relu_(self.stem(x))
        x = torch.relu_(self.near(x))
        rising = [x]
        for block in self.blocks:
            rising.append(block(rising[-1]))
        x = self.deepest(rising[-1])
        for lateral, rung, below in zip(self.lateral, self.rungs, rising[-2:0:-1], strict=True):
            x = torch.relu_(rung(torch.relu_(lateral(below) + _enlarged(x, below))))
        x = torch.relu_(self.fine(rising[0]) + _enlarged(self.narrow(x), rising[0]))
        maps = self.drawn(torch.relu_(self.last(x)))
        seen = self._seen(maps, rising[-1])
        return maps, seen, self.read(self.dropout(torch.relu_(self.mix(seen))))

    def _seen(self, maps: Tensor, deepest: Tensor) -> Tensor:
        """A row for each picture: what the maps hold, and the deepest features.

        In float32: half precision loses the sum over a whole map.
        """
        flat = maps.flatten(2).float()
        strongest = flat.topk(_STRONGEST, dim=2).values
        context = torch.relu_(self.context(deepest)).float()
        return torch.cat(
            [
                context.mean((2, 3)),
                context.amax((2, 3)),
                strongest[..., 0] / 5,
                strongest.mean(2) / 5,
                torch.sigmoid(flat).sum(2).log1p(),
            ],
            dim=1,
        )


def _enlarged(x: Tensor, like: Tensor) -> Tensor:
    return F.interpolate(x, size=like.shape[2:], mode="bilinear", align_corners=False)


class LesionNetwork(nn.Module):
    """Several members that each draw and read; the answer is the mean of what they say.

    All weights are zero until ``load_state_dict``; they are folded ones (``folded``).
    """

    def __init__(self, size: int = 512, members: int = 1, maps: Sequence[int] = MAPS) -> None:
        super().__init__()
        self.input_size = size
        self.members = nn.ModuleList(Member(maps) for _ in range(members))
        for weights in self.parameters():
            nn.init.zeros_(weights)

    def forward(self, x: Tensor) -> Tensor:
        """The log-odds of referable retinopathy, (n,), of pictures (n, 3, s, s)."""
        return self.draw(x).grades[:, REFERABLE]

    def stages(self) -> list[tuple[nn.Module, ...]]:
        """All its weights, in the order in which a picture passes them, members side by side."""
        of_members = (member.stages() for member in self.members)  # type: ignore[operator]
        return [sum(alike, ()) for alike in zip(*of_members, strict=True)]

    def draw(self, x: Tensor, task: Task | None = None) -> Drawn:
        """What the members draw and read in the mean, as logits.

        Raises:
            Refusal: the pictures have another size than the network was built for.
            Cancelled: the task was cancelled, between two members.
        """
        check_pictures(x, self.input_size)
        drawn = []
        for member in self.members:
            if task:
                task.check()
            drawn.append(member(x))
        chances = torch.stack([torch.sigmoid(each.maps) for each in drawn]).mean(0)
        return Drawn(
            torch.logit(chances, eps=1e-7),
            torch.stack([each.grades for each in drawn]).mean(0),
            torch.stack([each.oedema for each in drawn]).mean(0),
        )


def of_each_kind(drawn: Drawn) -> Tensor:
    """The chance of each kind, (n, kinds, s/2, s/2), its weight in training taken out."""
    rare = torch.tensor(RARE, device=drawn.maps.device).log().view(1, -1, 1, 1)
    return torch.sigmoid(drawn.maps - rare)


def any_lesion(drawn: Drawn, size: int) -> Tensor:
    """The chance that a pixel shows any lesion, (n, size, size): 1 - Π (1 - p) over the kinds.

    Decided: the weights of training are taken out of what is found together, by their geometric
    mean. Out of each kind by itself it would put microaneurysms behind the others, and find fewer.
    Decided: smoothed by ``_SMOOTHED``; members that draw one lesion a pixel apart made two peaks.
    """
    none = (1 - torch.sigmoid(drawn.maps)).prod(1, keepdim=True)
    weight = math.prod(RARE) ** (1 / len(RARE))
    chance = (1 - none) / (1 - none + none * weight)
    smooth = _smoothed(chance)
    found = F.interpolate(smooth, size=(size, size), mode="bilinear", align_corners=False)
    return found.squeeze(1)


def _smoothed(maps: Tensor) -> Tensor:
    """Maps (n, 1, y, x) blurred by a Gaussian."""
    reach = math.ceil(2 * _SMOOTHED)
    taps = torch.exp(-0.5 * (torch.arange(-reach, reach + 1, device=maps.device) / _SMOOTHED) ** 2)
    taps /= taps.sum()
    padded = F.pad(maps, (reach,) * 4, mode="replicate")
    return F.conv2d(F.conv2d(padded, taps.view(1, 1, 1, -1)), taps.view(1, 1, -1, 1))


def initialise(member: Member, generator: torch.Generator) -> None:
    """Draw the weights of a member with norms anew: He's; maps begin almost empty."""
    for module in member.modules():
        if isinstance(module, nn.Conv2d | nn.Linear):
            drawn = torch.empty(module.weight.shape)
            nn.init.kaiming_normal_(drawn, nonlinearity="relu", generator=generator)
            with torch.no_grad():
                module.weight.copy_(drawn)
            if module.bias is not None:
                nn.init.zeros_(module.bias)
        elif isinstance(module, nn.BatchNorm2d):
            module.reset_running_stats()
            nn.init.ones_(module.weight)
            nn.init.zeros_(module.bias)
    nn.init.constant_(member.drawn.bias, _EMPTY)  # type: ignore[arg-type]


def folded(trained: Sequence[Member], size: int) -> LesionNetwork:
    """The network that ships: each norm's factors laid into the convolution before it."""
    network = LesionNetwork(size, len(trained))
    for member, source in zip(network.members, trained, strict=True):
        weights = source.state_dict()
        for name, module in source.named_modules():
            if isinstance(module, _Conv) and module.norm is not None:
                whole = fuse_conv_bn_eval(module.conv.eval(), module.norm.eval())
                inside = f"{name}.norm."
                weights = {key: each for key, each in weights.items() if not key.startswith(inside)}
                weights |= {f"{name}.conv.{key}": each for key, each in whole.state_dict().items()}
        member.load_state_dict(weights)
    network.eval()
    return network
