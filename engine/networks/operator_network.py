"""A network that is nothing but a row of operators, from a picture to one number."""

from collections.abc import Iterable

import torch
from torch import Tensor, nn

from engine.errors import Refusal
from engine.networks import views
from engine.networks.operators import Conv, Dense, Operator


class OperatorNetwork(nn.Module):
    """Operators one behind the other; the last gives one unit, the prediction.

    All weights are zero until ``initialise`` or ``load_state_dict``. ``views`` is how often it is
    asked about a picture (``views.VIEWS``); it says the mean.
    """

    operators: nn.ModuleList

    def __init__(self, input_size: int, operators: Iterable[Operator]) -> None:
        super().__init__()
        self.input_size = input_size
        self.views = 1
        self.operators = nn.ModuleList(operators)

    def forward(self, x: Tensor) -> Tensor:
        """The predictions, (n,), for pictures (n, 3, s, s).

        Raises:
            Refusal: the pictures have another size than the network was built for.
        """
        self.check(x)
        # One view after the other: all at once would take as many times the memory.
        said = [self._as_it_lies(view) for view in views.each(x, self.views)]
        return torch.stack(said).mean(0)

    def _as_it_lies(self, x: Tensor) -> Tensor:
        for operator in self.operators:
            x = operator(x)
        return x.squeeze(1)

    def check(self, x: Tensor) -> None:
        """Refuse pictures of another size than the network was built for."""
        check_pictures(x, self.input_size)


def check_pictures(x: Tensor, s: int) -> None:
    """Raise ``Refusal`` if these are no pictures (n, 3, ``s``, ``s``)."""
    if x.ndim != 4 or tuple(x.shape[1:]) != (3, s, s):
        found = " x ".join(str(length) for length in x.shape[1:]) or "a single number"
        raise Refusal(
            "The network cannot read this picture.",
            f"It was built for pictures of 3 x {s} x {s} values and was given {found}.",
            f"Prepare the picture for {s} x {s} pixels, or choose another pack.",
        )


def initialise(
    network: OperatorNetwork,
    generator: torch.Generator,
    *,
    gain: float = 1.0,
    prevalence: float = 0.5,
) -> None:
    """Draw the weights anew: orthogonal filters, biases 0.05 (METHODS Q3, as the o_O code).

    The paper is silent. Decided: ``gain`` 1.0 (sqrt(2 / (1 + 0.33²)) = 1.343 is the variant);
    the last layer's bias is ``prevalence``, the share of positives in training, so that training
    starts from the best constant prediction.
    """
    layers = [layer for layer in network.operators if isinstance(layer, Conv | Dense)]
    for layer in layers:
        # torch's orthogonal_ cannot fill a tensor that is laid out channels-last.
        drawn = torch.empty(layer.weight.shape)
        with torch.no_grad():
            layer.weight.copy_(nn.init.orthogonal_(drawn, gain, generator))
        nn.init.constant_(layer.bias, 0.05)
    nn.init.constant_(layers[-1].bias, prevalence)
