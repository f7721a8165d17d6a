"""Criterion ω: the sensitivity of the prediction to a pixel's colours.

Quellec et al. 2017, (2), after Simonyan et al.: ω_p = ||(∂f/∂x_{p,c})_c||_q. Nothing makes ω
zero outside the field of view, where pooling's ties are seen too: the caller masks it.
"""

import math

import torch
from torch import Tensor


def omega(gradient: Tensor, q: float = math.inf) -> Tensor:
    """The norm over colours of the gradient (n, c, y, x) at every pixel, (n, y, x).

    ``q`` is 1, 2 or infinity (the paper's).
    """
    norm: Tensor = torch.linalg.vector_norm(gradient, ord=q, dim=1)
    return norm
