"""The operators that the papers' networks are made of, each one small class.

An operator is a torch module whose ``evaluate`` returns its output together with what its
backward step will need. ``forward`` is ``evaluate`` without the latter, so that autograd and the
graph-free route run the same arithmetic and cannot drift apart.

The four verbs are those of Quellec et al. 2017, Appendix B (METHODS Q2.2, Q5.7): ``evaluate``,
``backward`` (to the operator's input), ``tangent`` (how the output moves with the input), and for
operators with weights their gradient; whatever else a verb needs is in ``Kept``.
Tensors are (n, c, y, x), or (n, units) behind the first dense layer.
"""

from abc import ABC, abstractmethod
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional as F

# P: "very leaky" (the o_O code has 0.01), Quellec et al. 2017, section 3.
SLOPE = 0.33

# Inside RMSPool's root: its derivative is infinite at 0 (decided: 1e-6, METHODS Q5.6).
RMS_EPS = 1e-6


@dataclass(frozen=True, eq=False)
class Kept:
    """What ``backward`` needs of ``evaluate``: the input, the output, and the choices made.

    ``choices`` is whatever the operator decided on the way: the winners of a pooling or of a
    maxout, the mask of a dropout; None where nothing was chosen.
    """

    input: Tensor
    output: Tensor
    choices: Tensor | None = None


class Operator(nn.Module, ABC):
    """One layer of a network that can be differentiated without a graph."""

    @abstractmethod
    def evaluate(self, x: Tensor) -> Kept:
        """The output for ``x``, with what ``backward`` needs. Differentiable by autograd."""

    @abstractmethod
    def backward(self, gradient: Tensor, kept: Kept) -> Tensor:
        """From the gradient at the output to the gradient at the input, without weights.

        ``gradient`` is given away: it may be overwritten. That of a ``Weighted`` operator is: it
        holds the gradient before the rectifier afterwards. Call under ``torch.no_grad``.
        """

    @abstractmethod
    def tangent(self, moved: Tensor, kept: Kept) -> Tensor:
        """How the output moves when the input moves along ``moved``: (B.3), (B.6), (B.8), (B.10).

        Call under ``torch.no_grad``.
        """

    def forward(self, x: Tensor) -> Tensor:
        """The output for ``x``."""
        return self.evaluate(x).output


class Weighted(Operator):
    """An operator with ``weight`` and ``bias``, whose gradients are sums over a batch."""

    weight: nn.Parameter
    bias: nn.Parameter

    @abstractmethod
    def weight_gradient(self, before: Tensor, inputs: Tensor) -> Tensor:
        """Σ_n ``before``_n ⊗ ``inputs``_n, of the weights' shape: (B.2), (B.4).

        ``before`` is the gradient before the rectifier, as ``backward`` leaves it.
        """

    def bias_gradient(self, before: Tensor, shares: Tensor) -> Tensor:
        """Σ_n ``shares``_n ``before``_n, of the biases' shape."""
        # Channels last is one row a picture in memory, whatever the shape says.
        rows = before.movedim(1, -1)
        return (
            (shares @ rows.flatten(1))
            .reshape(rows.shape[1:])
            .movedim(-1, 0)
            .reshape(self.bias.shape)
        )

    def bias_share(self, before: Tensor) -> Tensor:
        """Σ_b b · ∂f_n/∂b of this operator's biases, (n,), from ``before`` as above."""
        biases = self.bias.reshape(1, *before.shape[1:])
        return before.movedim(1, -1).flatten(1) @ biases.movedim(1, -1).flatten()


def _rectify(z: Tensor) -> Tensor:
    """r(z) = max(0.33 z, z), in place: neither a convolution nor a sum needs its output again."""
    return F.leaky_relu_(z, SLOPE)


def _rectify_backward(gradient: Tensor, rectified: Tensor) -> Tensor:
    """The gradient before the rectifier, in place; its output has the sign of its input."""
    torch.ops.aten.leaky_relu_backward.grad_input(
        gradient, rectified, SLOPE, True, grad_input=gradient
    )
    return gradient


def _rectify_tangent(moved: Tensor, rectified: Tensor) -> Tensor:
    """The rectifier is linear on either side: what moves behind it is what its gradient does."""
    return _rectify_backward(moved, rectified)


class Conv(Weighted):
    """Cross-correlation, untied biases (one per map and position), very leaky rectifier.

    The biases tie it to one input size. They are kept as 1 x C x H x W, four axes, so that they
    follow the filters into the channels-last layout.
    """

    def __init__(
        self, maps_in: int, maps: int, window: int, stride: int, padding: int, size: int
    ) -> None:
        super().__init__()
        self.stride = stride
        self.padding = padding
        self.size = (size + 2 * padding - window) // stride + 1
        self.weight = nn.Parameter(torch.zeros(maps, maps_in, window, window))
        self.bias = nn.Parameter(torch.zeros(1, maps, self.size, self.size))

    def evaluate(self, x: Tensor) -> Kept:
        """See ``Operator.evaluate``."""
        z = F.conv2d(x, self.weight, None, self.stride, self.padding)
        z += self.bias
        return Kept(x, _rectify(z))

    def backward(self, gradient: Tensor, kept: Kept) -> Tensor:
        """See ``Operator.backward``."""
        gradient = _rectify_backward(gradient, kept.output)
        if self._steps_evenly(kept.input):
            return self._backward_by_phase(gradient)
        at_input, _, _ = torch.ops.aten.convolution_backward(
            gradient,
            kept.input,
            self.weight,
            None,
            (self.stride, self.stride),
            (self.padding, self.padding),
            (1, 1),
            False,
            (0, 0),
            1,
            (True, False, False),
        )
        return at_input  # type: ignore[no-any-return]

    def tangent(self, moved: Tensor, kept: Kept) -> Tensor:
        """See ``Operator.tangent``."""
        z = F.conv2d(moved, self.weight, None, self.stride, self.padding)
        return _rectify_tangent(z, kept.output)

    def weight_gradient(self, before: Tensor, inputs: Tensor) -> Tensor:
        """See ``Weighted.weight_gradient``."""
        _, gradient, _ = torch.ops.aten.convolution_backward(
            before,
            inputs,
            self.weight,
            None,
            (self.stride, self.stride),
            (self.padding, self.padding),
            (1, 1),
            False,
            (0, 0),
            1,
            (False, True, False),
        )
        return gradient  # type: ignore[no-any-return]

    def _steps_evenly(self, x: Tensor) -> bool:
        """Whether a picture's few colours are read in whole strides, without a rest."""
        window, (y, x_) = self.weight.shape[2], x.shape[2:]
        fits = all((side + 2 * self.padding - window) % self.stride == 0 for side in (y, x_))
        return self.stride > 1 and self.weight.shape[1] == 3 and window % self.stride == 0 and fits

    def _backward_by_phase(self, gradient: Tensor) -> Tensor:
        """The transposed convolution into 3 maps as a plain one into 3 * stride² maps.

        Every position of the padded input is stride * j + phase; each phase is a map of its own,
        and its filter the taps of that phase. Three maps alone would leave the vector unit
        empty: this takes half the time (measured on layer 2 of net B).
        """
        s, p = self.stride, self.padding
        maps, colours, window, _ = self.weight.shape
        taps = self.weight.reshape(maps, colours, window // s, s, window // s, s).flip(2, 4)
        taps = taps.permute(3, 5, 1, 0, 2, 4).flatten(0, 2)
        taps = taps.contiguous(memory_format=torch.channels_last)
        phases = F.conv2d(gradient, taps, None, 1, window // s - 1).permute(0, 2, 3, 1)
        n, height, width, _ = phases.shape
        # Colours innermost, so that whole runs are copied: pixel_shuffle takes four times as long.
        apart = phases.reshape(n, height, width, s, s, colours).transpose(2, 3)
        padded = apart.reshape(n, height * s, width * s, colours).permute(0, 3, 1, 2)
        return padded[:, :, p : padded.shape[2] - p, p : padded.shape[3] - p]


class MaxPool(Operator):
    """The maximum over each window; incomplete windows are dropped."""

    def __init__(self, window: int, stride: int, size: int) -> None:
        super().__init__()
        self.window = window
        self.stride = stride
        self.size = (size - window) // stride + 1

    def evaluate(self, x: Tensor) -> Kept:
        """See ``Operator.evaluate``; the choices are the winners' places."""
        output, winners = F.max_pool2d(x, self.window, self.stride, return_indices=True)
        return Kept(x, output, winners)

    def backward(self, gradient: Tensor, kept: Kept) -> Tensor:
        """See ``Operator.backward``."""
        return torch.ops.aten.max_pool2d_with_indices_backward(  # type: ignore[no-any-return]
            gradient,
            kept.input,
            (self.window, self.window),
            (self.stride, self.stride),
            (0, 0),
            (1, 1),
            False,
            kept.choices,
        )

    def tangent(self, moved: Tensor, kept: Kept) -> Tensor:
        """See ``Operator.tangent``: of each window, the winner moves."""
        assert kept.choices is not None
        places = kept.choices.movedim(1, -1)
        taken = moved.movedim(1, -1).flatten(1, 2).gather(1, places.flatten(1, 2))
        return taken.view(places.shape).movedim(-1, 1)


class MeanPool(Operator):
    """The mean over each window; incomplete windows are dropped."""

    def __init__(self, window: int, stride: int, size: int) -> None:
        super().__init__()
        self.window = window
        self.stride = stride
        self.size = (size - window) // stride + 1

    def evaluate(self, x: Tensor) -> Kept:
        """See ``Operator.evaluate``."""
        return Kept(x, F.avg_pool2d(x, self.window, self.stride))

    def backward(self, gradient: Tensor, kept: Kept) -> Tensor:
        """See ``Operator.backward``."""
        return _spread(gradient, kept.input, self.window, self.stride)

    def tangent(self, moved: Tensor, kept: Kept) -> Tensor:  # noqa: ARG002
        """See ``Operator.tangent``."""
        return F.avg_pool2d(moved, self.window, self.stride)


class RMSPool(Operator):
    """The root of the mean square over each window.

    Quellec et al. 2017, (A.5), whose print lacks the square (METHODS Q10).
    """

    def __init__(self, window: int, stride: int, size: int) -> None:
        super().__init__()
        self.window = window
        self.stride = stride
        self.size = (size - window) // stride + 1

    def evaluate(self, x: Tensor) -> Kept:
        """See ``Operator.evaluate``."""
        return Kept(x, (F.avg_pool2d(x * x, self.window, self.stride) + RMS_EPS).sqrt())

    def backward(self, gradient: Tensor, kept: Kept) -> Tensor:
        """See ``Operator.backward``."""
        spread = _spread(gradient.div_(kept.output), kept.input, self.window, self.stride)
        return spread.mul_(kept.input)

    def tangent(self, moved: Tensor, kept: Kept) -> Tensor:
        """See ``Operator.tangent``."""
        return F.avg_pool2d(kept.input * moved, self.window, self.stride) / kept.output

    def curvature(self, gradient: Tensor, moved: Tensor, kept: Kept) -> Tensor:
        """How ``backward(gradient)`` moves with the input along ``moved`` (METHODS Q5.7's κ).

        The paper has no second-order rule for this operator (Q10).
        """
        h, r = kept.input, kept.output
        bent = F.avg_pool2d(h * moved, self.window, self.stride).mul_(gradient).div_(r**3)
        straight = _spread(gradient / r, h, self.window, self.stride).mul_(moved)
        return straight.sub_(_spread(bent, h, self.window, self.stride).mul_(h))


def _spread(gradient: Tensor, x: Tensor, window: int, stride: int) -> Tensor:
    """The mean over windows turned round: each value in equal parts to all of its window."""
    return torch.ops.aten.avg_pool2d_backward(  # type: ignore[no-any-return]
        gradient, x, (window, window), (stride, stride), (0, 0), False, True, None
    )


class Dense(Weighted):
    """A full connection with biases, very leaky rectifier unless ``rectified`` is False.

    Maps are flattened in (c, y, x) order.
    """

    def __init__(self, units_in: int, units: int, *, rectified: bool = True) -> None:
        super().__init__()
        self.rectified = rectified
        self.weight = nn.Parameter(torch.zeros(units, units_in))
        self.bias = nn.Parameter(torch.zeros(units))

    def evaluate(self, x: Tensor) -> Kept:
        """See ``Operator.evaluate``."""
        z = F.linear(x.flatten(1), self.weight, self.bias)
        return Kept(x, _rectify(z) if self.rectified else z)

    def backward(self, gradient: Tensor, kept: Kept) -> Tensor:
        """See ``Operator.backward``."""
        if self.rectified:
            gradient = _rectify_backward(gradient, kept.output)
        return (gradient @ self.weight).reshape(kept.input.shape)

    def tangent(self, moved: Tensor, kept: Kept) -> Tensor:
        """See ``Operator.tangent``."""
        z = F.linear(moved.flatten(1), self.weight)
        return _rectify_tangent(z, kept.output) if self.rectified else z

    def weight_gradient(self, before: Tensor, inputs: Tensor) -> Tensor:
        """See ``Weighted.weight_gradient``."""
        return before.T @ inputs.flatten(1)


class Maxout(Operator):
    """The larger of each two units next to each other (decided: pairs 2j, 2j + 1)."""

    def evaluate(self, x: Tensor) -> Kept:
        """See ``Operator.evaluate``; the choices are 0 or 1 in each pair."""
        output, winners = x.reshape(len(x), -1, 2).max(dim=2)
        return Kept(x, output, winners)

    def backward(self, gradient: Tensor, kept: Kept) -> Tensor:
        """See ``Operator.backward``."""
        assert kept.choices is not None
        pairs = gradient.new_zeros(*gradient.shape, 2)
        return pairs.scatter_(2, kept.choices.unsqueeze(2), gradient.unsqueeze(2)).flatten(1)

    def tangent(self, moved: Tensor, kept: Kept) -> Tensor:
        """See ``Operator.tangent``: of each pair, the winner moves."""
        assert kept.choices is not None
        pairs = moved.reshape(len(moved), -1, 2)
        return pairs.gather(2, kept.choices.unsqueeze(2)).squeeze(2)


class Dropout(Operator):
    """In training one unit in two is dropped and the others doubled; otherwise nothing.

    torch's own generator draws the masks: whoever trains seeds it.
    """

    def evaluate(self, x: Tensor) -> Kept:
        """See ``Operator.evaluate``; the choices are the factors, 0 or 2."""
        if not self.training:
            return Kept(x, x)
        factors = torch.empty_like(x).bernoulli_(0.5).mul_(2)
        return Kept(x, x * factors, factors)

    def backward(self, gradient: Tensor, kept: Kept) -> Tensor:
        """See ``Operator.backward``."""
        return gradient if kept.choices is None else gradient.mul_(kept.choices)

    def tangent(self, moved: Tensor, kept: Kept) -> Tensor:
        """See ``Operator.tangent``."""
        return moved if kept.choices is None else moved * kept.choices
