"""How long π takes, beside the network's own forward pass and beside Captum's saliency."""

from collections.abc import Callable
from copy import deepcopy
from typing import Any

import torch
from torch import Tensor

from engine.answers import Criterion
from engine.bench.ratio import interleave, machine
from engine.criteria.interface import evidence
from engine.errors import Refusal
from engine.networks.net_b import NetB
from engine.networks.operator_network import initialise
from engine.task import Task

REFERENCE = "the network's own forward pass, channels-last, under inference_mode"
CAPTUM = "captum.attr.Saliency, network and pictures in torch's own layout, as Captum is used"


def run(task: Task, *, size: int = 448, batch: int = 8, repeats: int = 15) -> dict[str, Any]:
    """The figures of ``lesionlens bench heatmap``: net B of ``size`` pixels, one ``batch``.

    ``ratio`` is π over the forward pass on the same tensors, ``against_captum`` π over Captum's
    saliency on the same pictures and weights; every one runs on the same threads of the
    processor, turn by turn. ``against_captum_channels_last`` gives Captum our layout too.

    Raises:
        Refusal: Captum is not installed.
        Cancelled: the task was cancelled.
    """
    saliency = _saliency()
    generator = torch.Generator().manual_seed(0)
    plain = NetB(size).eval()
    initialise(plain, generator)
    pictures = 0.26 * torch.randn(batch, 3, size, size, generator=generator)
    network = deepcopy(plain).to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    turned = pictures.contiguous(memory_format=torch.channels_last)
    # Captum differentiates by autograd, and warns where it has to switch that on itself.
    for_captum = pictures.clone().requires_grad_()
    for_captum_turned = turned.clone().requires_grad_()

    def forward() -> None:
        with torch.inference_mode():
            network(turned)

    timings = interleave(
        {
            "forward": forward,
            "pi": lambda: evidence(network, turned, Criterion.PI, task, with_error=False),
            "captum": lambda: saliency(plain, for_captum),
            "captum_channels_last": lambda: saliency(network, for_captum_turned),
        },
        repeats,
        task,
    )
    own = timings.ratio("pi", "forward")
    captum = timings.ratio("pi", "captum")
    return {
        "benchmark": "heatmap",
        "ratio": own.ratio,
        "spread": own.spread,
        "reference": REFERENCE,
        "against_captum": captum.ratio,
        "against_captum_spread": captum.spread,
        "against_captum_reference": CAPTUM,
        "against_captum_channels_last": timings.ratio("pi", "captum_channels_last").ratio,
        "repeats": repeats,
        "batch": batch,
        "network": f"net B, {size} px",
        "milliseconds": {name: 1000 * timings.median(name) for name in timings.seconds},
        "threads": torch.get_num_threads(),
        "machine": machine(),
    }


def _saliency() -> Callable[[torch.nn.Module, Tensor], Tensor]:
    """Captum's saliency: the gradient's absolute value."""
    try:
        from captum.attr import Saliency
    except ImportError:
        raise Refusal(
            "The heatmap benchmark cannot be run.",
            "It compares with Captum, and Captum is not installed.",
            'Install the extra "bench": pip install "lesionlens[bench]".',
        ) from None

    def attribute(network: torch.nn.Module, pictures: Tensor) -> Tensor:
        gradient: Tensor = Saliency(network).attribute(pictures)
        return gradient

    return attribute
