"""Heatmaps against marked lesions: every variant of METHODS Q7.3 from one look at each picture."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from engine.answers import Heatmap
from engine.evaluation import components, detections, lesion_truth
from engine.evaluation.components import Components, Mapped
from engine.evaluation.detections import Detections
from engine.evaluation.froc import Found, Peaks, Swept
from engine.evaluation.lesion_truth import Groups, LesionType, Truth
from engine.evaluation.verdict import Judgement, OtherLesions, verdict
from engine.geometry import Circle
from engine.preparation.fundus import EROSION


class Detector(StrEnum):
    """How a map becomes detections."""

    PEAKS = "peaks"
    COMPONENTS = "components"


@dataclass(frozen=True)
class Variant:
    """One way to count: what other lesions are, and what is one lesion (% of the field's width)."""

    others: OtherLesions = OtherLesions.IGNORE
    merge: float = 0.0


@dataclass(frozen=True)
class Protocol:
    """Q7's choices; the defaults are the decided ones.

    ``smoothing`` is in network pixels; a pixel is marked where the confidence is above
    ``contained``; ``merge`` is in percent of the field's width and is printed beside 0.
    """

    detector: Detector = Detector.PEAKS
    smoothing: float = detections.SMOOTHING
    contained: float = lesion_truth.CONTAINED
    merge: float = 2.0
    ignore_uncertain: bool = False

    @property
    def variants(self) -> tuple[Variant, ...]:
        """All that are computed in one run, the primary first."""
        merges = dict.fromkeys((0.0, self.merge))
        return tuple(Variant(others, merge) for merge in merges for others in OtherLesions)


@dataclass(frozen=True, eq=False)
class Marked:
    """One photograph's lesions: for each merge and type, which of them are one."""

    name: str
    groups: Mapping[float, Mapping[LesionType, Groups]]

    def count(self, kind: LesionType, merge: float = 0.0) -> int:
        """How many lesions of a type there are."""
        groups = self.groups[merge].get(kind)
        return 0 if groups is None else int(groups.max()) + 1


@dataclass(frozen=True, eq=False)
class Seen:
    """What one map says of one picture: its peaks, and what they hit.

    ``highest`` is the picture's score (Q7.5). ``mapped`` is kept for ``components`` alone.
    """

    highest: float
    detections: Detections
    judgement: Judgement
    mapped: Mapped | None = None


def mark(name: str, truth: Truth, assessed: Circle, protocol: Protocol) -> Marked:
    """One photograph's lesions, counted plainly and merged."""
    width = assessed.radius / (0.5 - EROSION)
    merges = {variant.merge for variant in protocol.variants}
    groups = {
        merge: {
            kind: lesion_truth.merged(labels, merge / 100 * width)
            for kind, labels in truth.labels.items()
        }
        for merge in merges
    }
    return Marked(name, groups)


def see(heatmap: Heatmap, assessed: Circle, truth: Truth, protocol: Protocol) -> Seen:
    """Find a map's detections, and the lesions they hit."""
    within = detections.assessed_pixels(heatmap, assessed)
    values = detections.smoothed(heatmap.values, protocol.smoothing)
    peaks = detections.peaks(values, within, heatmap.way_back)
    touches = {kind: detections.touches(peaks, labels) for kind, labels in truth.labels.items()}
    doubt = None
    if protocol.ignore_uncertain and truth.uncertain is not None:
        doubt = truth.uncertain.astype(np.int32)
    doubtful = np.zeros(len(peaks.scores), bool)
    if doubt is not None:
        doubtful[detections.touches(peaks, doubt)[:, 0]] = True
    mapped = None
    if protocol.detector is Detector.COMPONENTS:
        back, shape = heatmap.way_back, heatmap.values.shape
        grid = (shape[0], shape[1])
        mapped = Mapped(
            values.astype(np.float32),  # kept of every picture until all are seen
            within,
            {kind: components.covered(each, back, grid) for kind, each in truth.labels.items()},
            np.zeros(0, np.intp) if doubt is None else components.covered(doubt, back, grid)[:, 0],
        )
    judgement = Judgement(len(peaks.scores), touches, doubtful)
    return Seen(float(values[within].max(initial=0.0)), peaks, judgement, mapped)


class Level:
    """All pictures' maps by one criterion against all their lesions."""

    def __init__(self, seen: Sequence[Seen], marked: Sequence[Marked]) -> None:
        self._seen, self._marked = seen, marked
        maps = [each.mapped for each in seen if each.mapped is not None]
        thresholds = components.thresholds(maps)
        # A part's lesions are the same in every variant, so they are looked up once.
        self._parts = [[components.judge(each, at) for at in thresholds] for each in maps]

    def swept(self, kind: LesionType, variant: Variant) -> Swept:
        """What is found of one lesion type at every threshold, counted in one way."""
        if not self._parts:
            return Peaks(self.found(kind, variant))
        false, hits = zip(
            *(
                _counted(steps, marked, kind, variant)
                for steps, marked in zip(self._parts, self._marked, strict=True)
            ),
            strict=True,
        )
        lesions = [marked.count(kind, variant.merge) for marked in self._marked]
        return Components(np.array(false, np.intp), np.array(hits, np.intp), np.array(lesions))

    def found(self, kind: LesionType, variant: Variant) -> list[Found]:
        """What the peaks find of one lesion type in each picture, counted in one way."""
        return [
            _found(seen, marked, kind, variant)
            for seen, marked in zip(self._seen, self._marked, strict=True)
        ]


def _found(seen: Seen, marked: Marked, kind: LesionType, variant: Variant) -> Found:
    groups = marked.groups[variant.merge]
    false, pairs = verdict(seen.judgement, groups, kind, variant.others)
    scores = seen.detections.scores
    hits = np.full(marked.count(kind, variant.merge), -np.inf)
    np.maximum.at(hits, pairs[:, 1], scores[pairs[:, 0]])
    return Found(scores[false], hits)


def _counted(
    steps: Sequence[Judgement], marked: Marked, kind: LesionType, variant: Variant
) -> tuple[list[int], list[int]]:
    """False positives, and lesions hit, at each threshold."""
    groups = marked.groups[variant.merge]
    verdicts = [verdict(step, groups, kind, variant.others) for step in steps]
    return (
        [int(false.sum()) for false, _ in verdicts],
        [len(np.unique(pairs[:, 1])) for _, pairs in verdicts],
    )
