"""Networks by name, as a pack or a plan names them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

import torch
from torch import nn

from engine.errors import Refusal
from engine.networks import alexnet, backbones, lesion_network, net_a, table_1
from engine.networks.lstm import Gates
from engine.networks.net_b import NetB
from engine.networks.operator_network import OperatorNetwork
from engine.networks.stage_network import StageEnsemble, StageNetwork
from engine.networks.views import VIEWS


@dataclass(frozen=True)
class _Known:
    """How a network is built, and what each of its arguments may be."""

    make: Callable[..., nn.Module]
    arguments: Mapping[str, tuple[int | str, ...]]


MOST_STAGES = 32


def _stage_network(
    backbone: str,
    stages: int,
    gates: str,
    size: int,
    members: int = 1,
    vision: int = 50,
    views: int = 1,
) -> StageNetwork | StageEnsemble:
    networks = [_one_stage_network(backbone, stages, gates, size) for _ in range(members)]
    network = networks[0] if members == 1 else StageEnsemble(networks)
    network.vision_share = vision / 100
    network.views = views
    return network


def _one_stage_network(backbone: str, stages: int, gates: str, size: int) -> StageNetwork:
    made = backbones.build(backbone)
    if size != made.input_size:
        raise Refusal(
            "The network stages cannot be built as asked.",
            f"Its backbone {backbone} reads {made.input_size} pixels and was given {size}.",
            "Use another pack, or correct the plan.",
        )
    return StageNetwork(made, stages, Gates(gates))


def _asked(make: Callable[..., OperatorNetwork], views: int = 1, **given: int) -> OperatorNetwork:
    network = make(**given)
    network.views = views
    return network


_MEMBERS = tuple(range(1, lesion_network.MOST_MEMBERS + 1))

_NETWORKS = {
    "lesions": _Known(
        lesion_network.LesionNetwork,
        {
            "size": lesion_network.SIZES,
            "members": _MEMBERS,
        },
    ),
    "alexnet": _Known(lambda size=alexnet.SIZE: alexnet.AlexNet(), {"size": (alexnet.SIZE,)}),  # noqa: ARG005
    "net_a": _Known(
        partial(_asked, net_a.NetA),
        {"size": table_1.SIZES, "layer5_window": net_a.LAYER_5_WINDOWS, "views": VIEWS},
    ),
    "net_b": _Known(partial(_asked, NetB), {"size": table_1.SIZES, "views": VIEWS}),
    "stages": _Known(
        _stage_network,
        {
            "backbone": tuple(backbones.BACKBONES),
            "stages": tuple(range(2, MOST_STAGES + 1)),
            "gates": tuple(str(gates) for gates in Gates),
            "size": backbones.SIZES,
            "members": _MEMBERS,
            "vision": tuple(range(0, 101, 10)),
            "views": VIEWS,
        },
    ),
}


def build(name: str, arguments: Mapping[str, object]) -> nn.Module:
    """The network called ``name``, its weights still to be loaded or initialised.

    It is laid out channels-last, which is the faster one on a processor; ``state_dict`` tensors
    must be made contiguous before they are written.

    Raises:
        Refusal: the name is unknown, or the arguments are none that this network has.
    """
    if name not in _NETWORKS:
        raise Refusal(
            f'The network "{name}" is not known.',
            f"This version knows {', '.join(sorted(_NETWORKS))}.",
            "Update the program, or use a pack that was made for it.",
        )
    known = _NETWORKS[name]
    for argument, value in arguments.items():
        if type(value) not in (int, str) or value not in known.arguments.get(argument, ()):
            takes = " and ".join(
                f"a {each} of {_or(values)}" for each, values in known.arguments.items()
            )
            raise Refusal(
                f"The network {name} cannot be built as asked.",
                f"It takes {takes}, and was given {dict(arguments)}.",
                "Use another pack, or correct the plan.",
            )
    network = known.make(**arguments)
    return network.to(memory_format=torch.channels_last)  # type: ignore[call-overload,no-any-return]


def _or(values: tuple[int | str, ...]) -> str:
    *first, last = map(str, values)
    return f"{', '.join(first)} or {last}" if first else last
