"""The recurrent cell of disease progression learning, written out: a few steps, two kinds of gate.

METHODS L1, L2: Keras' LSTM of the paper's time, whose gates are hard sigmoids; gate order i, f,
g, o.
"""

from enum import StrEnum

import torch
from torch import Tensor, nn


class Gates(StrEnum):
    """What the gates i, f and o are made by."""

    HARD = "hard"
    """clip(0.2 x + 0.5, 0, 1), the framework's default of the time (METHODS L4.7)."""
    SIGMOID = "sigmoid"


class Lstm(nn.Module):
    """z (n, k, ``units_in``) -> h (n, k, ``units``), from a state of zeros.

    Weights are ``from_input`` (4 units, units_in), ``from_state`` (4 units, units) and ``bias``
    (4 units), in blocks i, f, g, o.
    """

    def __init__(self, units_in: int, units: int, gates: Gates = Gates.HARD) -> None:
        super().__init__()
        self.gates = Gates(gates)
        self.units = units
        self.from_input = nn.Parameter(torch.zeros(4 * units, units_in))
        self.from_state = nn.Parameter(torch.zeros(4 * units, units))
        self.bias = nn.Parameter(torch.zeros(4 * units))

    def initialise(self, generator: torch.Generator) -> None:
        """Glorot-uniform from the input, orthogonal from the state, forget bias 1 (L2)."""
        with torch.no_grad():
            nn.init.xavier_uniform_(self.from_input, generator=generator)
            nn.init.orthogonal_(self.from_state, generator=generator)
            self.bias.zero_()
            self.bias[self.units : 2 * self.units] = 1

    def forward(self, z: Tensor) -> Tensor:
        """All outputs, (n, k, units); the step k sees what came before it and nothing behind."""
        of_input = z @ self.from_input.T + self.bias  # of all steps at once
        i, _, g, o = of_input[:, 0].chunk(4, dim=1)
        # Nothing is remembered at the first step: no product with the state, no gate to forget by.
        c = self._gate(i) * torch.tanh(g)
        h = self._gate(o) * torch.tanh(c)
        outputs = [h]
        for at_step in of_input[:, 1:].unbind(1):
            i, f, g, o = (at_step + h @ self.from_state.T).chunk(4, dim=1)
            c = self._gate(f) * c + self._gate(i) * torch.tanh(g)
            h = self._gate(o) * torch.tanh(c)
            outputs.append(h)
        return torch.stack(outputs, dim=1)

    def _gate(self, x: Tensor) -> Tensor:
        return torch.sigmoid(x) if self.gates is Gates.SIGMOID else (0.2 * x + 0.5).clamp(0, 1)
