"""The training draws of METHODS Q1.2: one affine and one contrast per picture, in one warp."""

import math
from dataclasses import dataclass

import torch
from torch.nn.functional import affine_grid, grid_sample

from engine.preparation.fundus import fit_scale


@dataclass(frozen=True, eq=False)
class Draw:
    """How each of n pictures is changed.

    ``linear`` (n, 2, 2) is k · R(theta) · F on (x, y); ``shift`` (n, 2) is a part of the network's
    size; ``contrast`` (n,) multiplies the values.
    """

    linear: torch.Tensor
    shift: torch.Tensor
    contrast: torch.Tensor

    @classmethod
    def identity(cls, n: int) -> "Draw":
        """No change: the path of a test picture."""
        return cls(torch.eye(2).expand(n, 2, 2), torch.zeros(n, 2), torch.ones(n))


@dataclass(frozen=True)
class Augmentation:
    """The ranges to draw from; as they stand, the paper's (METHODS Q1.2).

    ``rotation`` in degrees, up to, either way (360: any turn); ``translation`` in network pixels at
    size 448, either way, in proportion for smaller networks (decided); ``scale`` from and to;
    ``flip`` probability; ``contrast`` the factor f, log-uniform on [1/f, f].
    """

    rotation: float = 360.0
    translation: float = 10.0
    scale: tuple[float, float] = (0.85, 1.15)
    flip: float = 0.5
    contrast: float = 1 / 0.6

    def draw(self, generator: torch.Generator, n: int) -> Draw:
        """Draw for n pictures."""
        theta, k, flipped, a, *shift = torch.rand((6, n), generator=generator)
        # A whole turn keeps the draws that shipped packs were trained with.
        theta = (theta if self.rotation == 360 else 2 * theta - 1) * math.radians(self.rotation)
        k = self.scale[0] + (self.scale[1] - self.scale[0]) * k
        mirror = torch.where(flipped < self.flip, -1.0, 1.0)  # before the rotation
        cos, sin = k * theta.cos(), k * theta.sin()
        linear = torch.stack([cos * mirror, -sin, sin * mirror, cos], dim=1).reshape(n, 2, 2)
        return Draw(
            linear=linear,
            shift=(torch.stack(shift, dim=1) * 2 - 1) * (self.translation / 448),
            contrast=torch.exp((2 * a - 1) * math.log(self.contrast)),
        )


def warp(values: torch.Tensor, drawn: Draw, size: int) -> torch.Tensor:
    """Bring normalised pictures (n, 3, w, w) to the network's grid, (n, 3, size, size).

    n = C + t + s0 · k · R(theta) · F · (r - C_r), sampled bilinearly, outside 0, on the device of
    ``values`` (METHODS Q1.2). Contrast acts about zero, the local background; nothing is clipped.
    """
    # Centred, in halves of the frame: u = (2 n + 1)/size - 1 and v = (2 r + 1)/w - 1, so that
    # v = (size / (s0 w)) · (k R F)^-1 · (u - 2 t/size).
    ratio = size / (fit_scale(size) * values.shape[-1])
    back = torch.linalg.inv(drawn.linear) * ratio
    moved = -(back @ (2 * drawn.shift)[..., None])
    theta = torch.cat([back, moved], dim=2).to(values)
    grid = affine_grid(theta, [len(values), 3, size, size], align_corners=False)
    warped = grid_sample(values, grid, mode="bilinear", padding_mode="zeros", align_corners=False)
    return warped * drawn.contrast.to(values)[:, None, None, None]
