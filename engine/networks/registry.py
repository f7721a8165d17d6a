"""Networks by name, as a pack or a plan names them."""

from collections.abc import Callable, Mapping

import torch
from torch import nn

from engine.errors import Refusal
from engine.networks.net_b import SIZES, NetB


def build(name: str, arguments: Mapping[str, object]) -> nn.Module:
    """The network called ``name``, its weights still to be loaded or initialised.

    It is laid out channels-last, which is the faster one on a processor; ``state_dict`` tensors
    must be made contiguous before they are written.

    Raises:
        Refusal: the name is unknown, or the arguments are none that this network has.
    """
    if name not in _BUILDERS:
        raise Refusal(
            f'The network "{name}" is not known.',
            f"This version knows {', '.join(sorted(_BUILDERS))}.",
            "Update the program, or use a pack that was made for it.",
        )
    network = _BUILDERS[name](arguments)
    return network.to(memory_format=torch.channels_last)  # type: ignore[call-overload,no-any-return]


def _net_b(arguments: Mapping[str, object]) -> nn.Module:
    size = arguments.get("size", 448)
    if set(arguments) - {"size"} or not isinstance(size, int) or size not in SIZES:
        raise Refusal(
            "The network net_b cannot be built as asked.",
            f"It takes a size of {', '.join(map(str, SIZES))} and was given {dict(arguments)}.",
            "Use another pack, or correct the plan.",
        )
    return NetB(size)


_BUILDERS: Mapping[str, Callable[[Mapping[str, object]], nn.Module]] = {"net_b": _net_b}
