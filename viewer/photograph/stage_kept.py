"""What stage packs have said in this session: distributions, and heatmaps while there is room."""

from collections import OrderedDict
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.answers import Criterion, Heatmap
from engine.service.messages import AnsweredStage, MapFile
from engine.stage_answers import StageAnswer
from engine.telling.stage_words import stage_words
from viewer.client.engine import EngineClient
from viewer.photograph.readings import Picture

MOST_ANSWERS, MOST_MAPS = 512, 32
"""Answers are words; a map takes 0.2 MB."""

Key = tuple[str, str, str]
"""A content's hash, the pack's seal and the device: what a distribution depends on."""


@dataclass(eq=False)
class StageEvidence:
    """The heatmap of the stage that ``answer`` explains, ``values`` float32 (y, x)."""

    answer: StageAnswer
    map_file: MapFile
    values: NDArray[np.float32]
    _laid: Heatmap | None = None

    @property
    def of(self) -> str:
        """Of which stage: "stage 2, moderate"."""
        place = self.answer.explained
        return "" if place is None else stage_words(self.answer.stages, place)

    @property
    def name(self) -> str:
        """By which its regions are remembered beside the pack."""
        explained = self.answer.explained
        place = 0 if explained is None else explained + 1
        return f"{self.answer.criterion}, stage {place} of {len(self.answer.stages)}"

    def heatmap(self, picture: Picture) -> Heatmap:
        """The map as it lies on the photograph that it was made of; always the same object."""
        if self._laid is None:
            self._laid = self.map_file.heatmap(self.values, picture.pixels.shape[:2])
        return self._laid


class StageKept:
    """Keeps what was answered, by key; lets go of every array exactly once."""

    def __init__(self, client: EngineClient) -> None:
        self._client = client
        self._told: OrderedDict[Key, StageAnswer] = OrderedDict()
        self._maps: OrderedDict[tuple[Key, Criterion, int], StageEvidence] = OrderedDict()

    def answer(self, key: Key) -> StageAnswer | None:
        """The distribution, if it is at hand."""
        return self._told.get(key)

    def has_map(self, key: Key, criterion: Criterion, place: int) -> bool:
        """Whether the heatmap of a stage is at hand."""
        return (key, criterion, place) in self._maps

    def evidence(self, key: Key, criterion: Criterion, place: int) -> StageEvidence | None:
        """The heatmap of a stage; by another criterion where the one asked for is not at hand."""
        for each in (criterion, *Criterion):
            found = self._maps.get((key, each, place))
            if found is not None:
                self._maps.move_to_end((key, each, place))
                return found
        return None

    def keep(self, key: Key, message: AnsweredStage) -> None:
        """Take an answer and its map over."""
        answer = message.answer
        # Whichever stage is explained, the distribution is the same: the one that is shown stays.
        self._told.setdefault(key, answer)
        if len(self._told) > MOST_ANSWERS:
            self._told.popitem(last=False)
        if message.heatmap is None:
            return
        if answer.explained is None or self.has_map(key, answer.criterion, answer.explained):
            self._client.release(message.heatmap.file)
            return
        values = self._client.mapped(message.heatmap.file)
        made = StageEvidence(answer, message.heatmap, values)
        self._maps[key, answer.criterion, answer.explained] = made
        if len(self._maps) > MOST_MAPS:
            _, gone = self._maps.popitem(last=False)
            self._client.release(gone.map_file.file)
