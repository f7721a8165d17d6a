"""Criterion π with its factor on the photograph, not on the difference to the background.

π's factor lies on the network's input, the difference to the local background. Here it lies on the
resized photograph, before its background is taken off (METHODS Q4.2, Q4.b), so that what is kept is
the photograph's own hue. The two are different criteria, never to be mixed in one table.
"""

import torch
from torch import Tensor

from engine.criteria.gradient import exact
from engine.preparation.differentiable import Resized, network_input


def signed_pi_photograph(resized: Resized, gradient: Tensor) -> Tensor:
    """Σ_c I_r(r, c) · ∂f/∂I_r(r, c), (n, w, w), on the resized photograph's grid.

    ``gradient`` is ∂f/∂x, (n, c, y, x), at the input that was made from ``resized``.
    """
    with exact(gradient), torch.inference_mode(False), torch.enable_grad():
        photograph = resized.values.detach().clone().requires_grad_()
        made = network_input(photograph, resized.mask, gradient.shape[-1])
        (at_photograph,) = torch.autograd.grad(made, photograph, gradient.clone())
    return (photograph.detach() * at_photograph).sum(1)
