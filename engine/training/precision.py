"""How exactly a graphics card multiplies while it trains (METHODS Q5.6); a processor is exact.

torch's own default would let convolutions run in TF32 unasked.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext

import torch
from torch import Tensor, nn

from engine.training.plan import Optimisation


@contextmanager
def as_planned(optimisation: Optimisation) -> Iterator[None]:
    """A plan's precision and determinism inside; behind, all as before."""
    tf32 = optimisation.precision == "tf32"
    exactly = optimisation.deterministic
    products, asked = torch.backends.cuda.matmul.allow_tf32, _deterministic()
    torch.backends.cuda.matmul.allow_tf32 = tf32
    if exactly:
        # Without it torch refuses cuBLAS's products; stays, because cuBLAS reads it once.
        os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")
        torch.use_deterministic_algorithms(True)
    try:
        with torch.backends.cudnn.flags(
            enabled=True, benchmark=not exactly, deterministic=exactly, allow_tf32=tf32
        ):
            yield
    finally:
        torch.backends.cuda.matmul.allow_tf32 = products
        torch.use_deterministic_algorithms(asked)


def reduced(optimisation: Optimisation, device: torch.device) -> AbstractContextManager[object]:
    """The forward pass in bfloat16 where plan and device allow it, else as it is."""
    if optimisation.precision == "bfloat16" and device.type == "cuda":
        return torch.autocast("cuda", torch.bfloat16)
    return nullcontext()


def gradient_error(
    network: nn.Module, take: Callable[[], object], exactly: Callable[[], object]
) -> float:
    """How far the gradient of ``take`` is from that of ``exactly``, of the latter's norm.

    Both leave gradients in the parameters and get the same draws of dropout; ``exactly`` is called
    without TF32, and must not reduce anything itself.
    """
    # What both would move: the running figures of normalisations.
    kept = {name: value.clone() for name, value in network.named_buffers()}
    with torch.random.fork_rng():
        take()
        found = _gradient(network)
    with torch.random.fork_rng(), as_planned(Optimisation(passes=1)):
        exactly()
        exact = _gradient(network)
    network.zero_grad(set_to_none=True)
    for name, value in network.named_buffers():
        value.copy_(kept[name])
    return float((found - exact).norm() / exact.norm())


def _gradient(network: nn.Module) -> Tensor:
    return torch.cat(
        [value.grad.double().flatten() for value in network.parameters() if value.grad is not None]
    )


def _deterministic() -> bool:
    return bool(torch.are_deterministic_algorithms_enabled())
