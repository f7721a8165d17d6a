"""Markings that are at hand, for tests."""

from collections.abc import Mapping

from engine.evaluation.lesion_truth import Confidence, LesionType


class Given:
    """What experts marked, as arrays."""

    def __init__(self, maps: Mapping[LesionType, Confidence]) -> None:
        self._maps = maps

    def confidence(self, kind: LesionType, shape: tuple[int, int]) -> Confidence | None:
        found = self._maps.get(kind)
        assert found is None or found.shape == shape
        return found
