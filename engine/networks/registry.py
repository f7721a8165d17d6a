"""Networks by name, as a pack or a plan names them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import torch
from torch import nn

from engine.errors import Refusal
from engine.networks import alexnet, net_a, table_1
from engine.networks.net_b import NetB


@dataclass(frozen=True)
class _Known:
    """How a network is built, and the whole numbers that each of its arguments may be."""

    make: Callable[..., nn.Module]
    arguments: Mapping[str, tuple[int, ...]]


_NETWORKS = {
    "alexnet": _Known(lambda size=alexnet.SIZE: alexnet.AlexNet(), {"size": (alexnet.SIZE,)}),  # noqa: ARG005
    "net_a": _Known(net_a.NetA, {"size": table_1.SIZES, "layer5_window": net_a.LAYER_5_WINDOWS}),
    "net_b": _Known(NetB, {"size": table_1.SIZES}),
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
        if type(value) is not int or value not in known.arguments.get(argument, ()):
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


def _or(values: tuple[int, ...]) -> str:
    *first, last = map(str, values)
    return f"{', '.join(first)} or {last}" if first else last
