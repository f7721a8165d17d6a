"""Criterion π: how much the prediction changes when a pixel is attenuated or enhanced.

Quellec et al. 2017, (3): π_p = |∂f(m ∘ x)/∂m_p| at m = 1, one m for all colours of a pixel.
m lies on the network's input, the difference to the local background (METHODS Q4.2), so a pixel
that equals its background, or lies outside the field of view, has π = 0 exactly.
"""

from torch import Tensor


def signed_pi(inputs: Tensor, gradient: Tensor) -> Tensor:
    """s_p = Σ_c x_{p,c} g_{p,c}, (n, y, x); positive pushes towards referable (METHODS Q4.a).

    ``inputs`` and ``gradient`` are (n, c, y, x).
    """
    # Colour by colour: half the time of a sum over an axis of three.
    signed = inputs[:, 0] * gradient[:, 0]
    for colour in range(1, inputs.shape[1]):
        signed.addcmul_(inputs[:, colour], gradient[:, colour])
    return signed
