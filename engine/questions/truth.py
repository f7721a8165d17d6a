"""Is this heatmap true? How well the maps of one photograph follow the network that they explain.

Deletion and insertion against random order, its regions painted over, stability, randomised
weights, sparsity, the overlap with what was marked, and the criterion's own arithmetic. None says
whether the network is right.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import isfinite
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from engine.answers import Criterion
from engine.errors import Refusal
from engine.geometry import Affine
from engine.packs.pack import Pack
from engine.pictures import Photograph
from engine.questions import joining, looking, retinopathy
from engine.questions.joining import Voice
from engine.questions.truth_steps import MOVED, PAINTED, Steps, of_a_map
from engine.task import Task
from engine.truth_check import (
    Agreement,
    CriterionTruth,
    Curve,
    Painted,
    RandomCurve,
    RemovalOrder,
    Stability,
    TruthCheck,
)

if TYPE_CHECKING:
    from torch import Tensor, nn

    from engine.criteria.interface import Evidence
    from engine.faithfulness.curves import Curving
    from engine.faithfulness.orders import Order
    from engine.faithfulness.overlap import Marked
    from engine.networks.device import Device
    from engine.preparation.differentiable import Resized

SEED = 17
"""Of the random orders and of the shuffled weights: a photograph always gets the same check."""

Grid = tuple[NDArray[np.bool_], Affine]
"""What of a map's grid was assessed, and the way to the photograph."""


def check(
    photograph: Photograph,
    pack: Pack,
    criteria: Sequence[Criterion],
    device_setting: str,
    task: Task,
    marked: "Marked | None" = None,
    checkpoint: str = "",
) -> tuple[TruthCheck, tuple[RemovalOrder, ...]]:
    """The check of each criterion's map, in the order asked, and the order of its pixels.

    Where several of the pack's networks answer together, theirs is the probability and the blended
    map. ``device_setting`` and ``checkpoint`` are as in ``retinopathy.answer``; ``marked`` is where
    lesions are known.

    Raises:
        Refusal: the photograph cannot be graded, the pack or the device cannot be used, or a
            criterion cannot be computed for its network.
        Cancelled: the task was cancelled.
    """
    from engine.networks import device as devices

    retinopathy.check_question(pack)
    voice = joining.alone(pack, checkpoint)
    begun = time.monotonic()
    task.progress("Preparing the photograph", 0, 0)
    eye = _prepared(photograph, pack)
    device = devices.choose(device_setting)
    warnings: tuple[str, ...] = ()
    try:
        found = _checked(pack, voice, eye, criteria, device, marked, task)
    except RuntimeError:
        if device.name == "cpu":
            raise
        warnings = (f"The graphics card {device.name} could not compute this; the processor did.",)
    if warnings:
        # Behind the handler, which keeps the failed tensors alive.
        device = devices.choose("processor")
        found = _checked(pack, voice, eye, criteria, device, marked, task)
    shape = photograph.pixels.shape[0], photograph.pixels.shape[1]
    said = TruthCheck(
        pack=pack.reference,
        device=device.name,
        probability=found.whole,
        empty=found.empty,
        operating_point=voice.judge.operating_point,
        parts=found.parts,
        random_deletion=found.random[0],
        random_insertion=found.random[1],
        seconds=time.monotonic() - begun,
        warnings=photograph.warnings + warnings,
    )
    orders = tuple(
        RemovalOrder(criterion, order, eye.grid(criterion)[1], shape)
        for criterion, order in found.orders.items()
    )
    return said, orders


@dataclass(frozen=True, eq=False)
class _Eye:
    """The prepared photograph: the network's input (1, 3, size, size), and what it was made from.

    ``framed`` is the network's grid, ``working`` that of the resized photograph.
    """

    inputs: "Tensor"
    resized: "Resized"
    framed: Grid
    working: Grid

    def grid(self, criterion: Criterion) -> Grid:
        return self.working if criterion is Criterion.PI_PHOTOGRAPH else self.framed


@dataclass(frozen=True, eq=False)
class _Found:
    whole: float
    empty: float
    parts: tuple[CriterionTruth, ...]
    random: tuple[RandomCurve, RandomCurve]
    orders: "Mapping[Criterion, Order]"


def _prepared(photograph: Photograph, pack: Pack) -> _Eye:
    import torch

    from engine.preparation import fundus
    from engine.preparation.differentiable import Resized

    size = pack.manifest.input.size
    seen = looking.see(photograph, size)
    prepared = seen.prepared
    if seen.reasons or prepared is None:
        raise Refusal(
            "The heatmap was not checked: this photograph cannot be graded.",
            " ".join(reason.why for reason in seen.reasons),
            seen.reasons[0].advice,
        )
    values, mask = fundus.resize(photograph.pixels, prepared.field, size)
    colours_first = torch.from_numpy(values).permute(2, 0, 1)[None].contiguous()
    return _Eye(
        torch.from_numpy(prepared.values)[None],
        Resized(colours_first, torch.from_numpy(mask)[None]),
        (prepared.mask, prepared.way_back),
        (mask, fundus.working_way_back(prepared.field, size)),
    )


def _checked(
    pack: Pack,
    voice: Voice,
    eye: _Eye,
    criteria: Sequence[Criterion],
    device: "Device",
    marked: "Marked | None",
    task: Task,
) -> _Found:
    """All of it on one device; the cheap and the dear parts in one order for every criterion."""
    from engine.faithfulness import curves, orders

    networks = [looking.network(pack, device.name, name) for name in voice.networks]
    maps = _Maps(networks, voice.weights / joining.scales(pack, voice), eye, device.name, task)
    steps = Steps(task, criteria, maps.steps)
    found = {}
    for criterion in criteria:
        found[criterion] = maps.plain(criterion)
        steps.over(of_a_map(criterion))
    generator = np.random.default_rng(SEED)
    left = curves.lost(eye.inputs[0].numpy(), eye.framed[0], generator)
    curving = curves.Curving(
        networks,
        maps.inputs,
        maps.there(left),
        lambda scores: voice.judge.calibration.probability(voice.score(scores)),
        task,
        steps.over,
    )
    if not isfinite(curving.whole):
        raise Refusal(
            f"The pack {pack.manifest.name} gave no number for this photograph.",
            "Its score should be a number and is none.",
            "Use another pack, and report this one to its source.",
        )
    tells = curving.empty < voice.judge.operating_point
    shares = curves.SHARES if tells else curves.RANDOM_SHARES
    deletions = [
        curving.random_deletion(orders.at_random(eye.framed[0], generator))
        for _ in range(curves.ORDERS)
    ]
    placed: dict[Criterion, Order] = {}
    drawn: dict[Criterion, tuple[Curve, Curve]] = {}
    stable: dict[Criterion, Stability] = {}
    painted: dict[Criterion, Painted | None] = {}
    for criterion in criteria:
        values, mask = found[criterion].values, eye.grid(criterion)[0]
        # Equal evidence is drawn by a generator of its own: what else is asked does not matter.
        placed[criterion] = orders.by_evidence(values, mask, np.random.default_rng(SEED))
        at_input, framed = placed[criterion], values
        if criterion is Criterion.PI_PHOTOGRAPH:
            framed = maps.framed(values)
            at_input = orders.by_evidence(framed, eye.framed[0], np.random.default_rng(SEED))
        both = curving.of(at_input, shares)
        steps.over(2 * (len(curves.SHARES) - len(shares)))
        drawn[criterion] = (
            curves.curve(both.shares, both.deletion),
            curves.curve(both.shares, both.insertion),
        )
        painted[criterion] = _painted(pack, eye, found[criterion], framed, curving)
        if painted[criterion] is None:
            steps.over(PAINTED)
        stable[criterion] = maps.stability(criterion, values, mask)
        steps.over(of_a_map(criterion) * MOVED)
    alike = maps.randomised({name: one.values for name, one in found.items()}, steps.over)
    parts = tuple(
        replace(
            _part(found[each], eye.grid(each), drawn[each], stable[each], alike[each], marked),
            painted=painted[each],
        )
        for each in placed
    )
    random = curves.random_curves(np.array(deletions))
    return _Found(curving.whole, curving.empty, parts, random, placed)


@dataclass(frozen=True, eq=False)
class _Plain:
    """The map that is checked, zero outside the assessed field, and its arithmetic error."""

    criterion: Criterion
    values: NDArray[np.float32]
    error: float | None


class _Maps:
    """Maps of one picture: as it is, moved, and by networks that forgot.

    ``weights`` (networks,) blend theirs.
    """

    def __init__(
        self,
        networks: "Sequence[nn.Module]",
        weights: NDArray[np.float64],
        eye: _Eye,
        device: str,
        task: Task,
    ) -> None:
        from engine.faithfulness import randomised

        self._networks = networks
        self._weights = weights
        self._eye = eye
        self._task = task.quietly()
        self.inputs = eye.inputs.to(device)
        self._resized = eye.resized.to(device)
        self.steps = randomised.count(networks[0])

    def there(self, values: NDArray[np.float32]) -> "Tensor":
        """One picture (c, y, x) as a batch beside the network."""
        import torch

        return torch.from_numpy(values)[None].to(self.inputs.device)

    def plain(self, criterion: Criterion) -> _Plain:
        """The map that is checked; a blended one has no arithmetic of its own."""
        found = self._evidence(
            self._networks, self.inputs, self._resized, criterion, with_error=True
        )
        mask = self._eye.grid(criterion)[0]
        values = np.where(mask, self._blended(found)[0], 0).astype(np.float32)
        error = found[0].error if len(found) == 1 else None
        return _Plain(criterion, values, None if error is None else float(error[0]))

    def framed(self, values: NDArray[np.float32]) -> NDArray[np.float32]:
        """A map of the resized photograph's grid on the network's."""
        from engine.preparation import fundus

        framed: NDArray[np.float32] = fundus.to_frame(values[None], self.inputs.shape[-1])[0]
        return framed

    def stability(
        self, criterion: Criterion, values: NDArray[np.float32], mask: NDArray[np.bool_]
    ) -> Stability:
        """The maps of the moved picture against ``values``."""
        import torch

        from engine.faithfulness import stability as moves
        from engine.preparation.differentiable import Resized, network_input

        size = self.inputs.shape[-1]
        moved = [moves.shift_resized(self._resized, x, y) for x, y in moves.SHIFTS]
        moved += [moves.turn_resized(self._resized, degrees) for degrees in moves.TURNS]
        resized = Resized(
            torch.cat([each.values for each in moved]), torch.cat([each.mask for each in moved])
        )
        inputs = network_input(resized.values, resized.mask, size)
        if criterion is not Criterion.PI_PHOTOGRAPH:
            # By a pixel of the network's own grid: nothing is sampled anew.
            shifted = [moves.shift(self.inputs, x, y) for x, y in moves.SHIFTS]
            inputs = torch.cat([*shifted, inputs[len(shifted) :]])
        found = self._blended(self._evidence(self._networks, inputs, resized, criterion))
        count = len(moves.SHIFTS)
        return moves.stability(values, mask, list(found[:count]), list(found[count:]))

    def randomised(
        self, values: Mapping[Criterion, NDArray[np.float32]], over: Callable[[int], None]
    ) -> dict[Criterion, tuple[Agreement, ...]]:
        """Each map against that of the network with more and more of its layers shuffled."""
        import torch

        from engine.faithfulness.agreement import agreement
        from engine.faithfulness.randomised import together

        alike: dict[Criterion, tuple[Agreement, ...]] = dict.fromkeys(values, ())
        generator = torch.Generator().manual_seed(SEED)
        for forgetful in together(self._networks, generator):
            for criterion, map_ in values.items():
                found = self._evidence(forgetful, self.inputs, self._resized, criterion)
                mask = self._eye.grid(criterion)[0]
                alike[criterion] += (agreement(map_, self._blended(found)[0], mask),)
                over(of_a_map(criterion))
        return alike

    def _evidence(
        self,
        networks: "Sequence[nn.Module]",
        inputs: "Tensor",
        resized: "Resized",
        criterion: Criterion,
        *,
        with_error: bool = False,
    ) -> "list[Evidence]":
        from engine.criteria.interface import evidence

        return [
            evidence(each, inputs, criterion, self._task, resized, with_error=with_error)
            for each in networks
        ]

    def _blended(self, found: "Sequence[Evidence]") -> NDArray[np.float32]:
        """The networks' maps in one, (pictures, y, x)."""
        maps = (each.maps.cpu().numpy() for each in found)  # NumPy reads no card's memory
        blended = sum(weight * map_ for weight, map_ in zip(self._weights, maps, strict=True))
        return np.asarray(blended, np.float32)


def _painted(
    pack: Pack, eye: _Eye, plain: _Plain, values: NDArray[np.float32], curving: "Curving"
) -> Painted | None:
    """What the answer is without the regions of a map (y, x) on the network's grid."""
    from engine.faithfulness import painted
    from engine.tint import upper_end

    # From where on regions are listed: of a map that is a chance its own number, see findings.
    end = 1.0 if plain.criterion is Criterion.LESIONS else upper_end(values)
    least = pack.manifest.lesion_threshold * end
    return painted.painted(eye.inputs[0].numpy(), values, eye.framed[0], least, curving.ask)


def _part(
    plain: _Plain,
    grid: Grid,
    drawn: tuple[Curve, Curve],
    stable: Stability,
    alike: tuple[Agreement, ...],
    marked: "Marked | None",
) -> CriterionTruth:
    from engine.faithfulness.overlap import overlap
    from engine.faithfulness.sparsity import hoyer, top_share

    mask, way_back = grid
    inside = plain.values[mask]
    over = None
    if marked is not None:
        over = overlap(plain.values, mask, marked.on_grid(way_back, mask.shape))
    return CriterionTruth(
        plain.criterion,
        *drawn,
        stable,
        alike,
        hoyer(inside),
        top_share(inside),
        plain.error,
        over,
    )
