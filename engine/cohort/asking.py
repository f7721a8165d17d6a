"""One pack asked about one picture after the other."""

from dataclasses import dataclass, replace

from engine.answers import Criterion, Heatmap, RetinopathyAnswer
from engine.cohort.unseen import Unseen
from engine.errors import Refusal
from engine.packs.pack import Pack
from engine.pictures import Photograph
from engine.questions import retinopathy
from engine.task import Task


@dataclass(frozen=True, eq=False)
class Asked:
    """A photograph with its answer; ``heatmap`` is None where it is ungradable, or not wanted."""

    photograph: Photograph
    answer: RetinopathyAnswer
    heatmap: Heatmap | None


class Asker:
    """A pack on a device, ready to be asked often; ``criteria`` are those that go together.

    With ``unseen`` a photograph is told by that of its networks alone that has not seen it. Raises
    ``Refusal`` where it can be asked nothing at all: else every picture would tell so.
    """

    def __init__(self, pack: Pack, device_setting: str, unseen: Unseen | None = None) -> None:
        from engine.networks import device as devices

        devices.choose(device_setting)
        pack.network()
        self.pack = pack
        # pi of the photograph never stands in one table with pi (METHODS Q4.2).
        self.criteria = tuple(each for each in pack.criteria if each is not Criterion.PI_PHOTOGRAPH)
        self._device = device_setting
        self._unseen = unseen

    def ask(self, photograph: Photograph, criterion: Criterion | None, task: Task) -> Asked:
        """Ask about a photograph that was read; without a criterion for no heatmap.

        Raises ``Refusal`` and ``Cancelled``.
        """
        by = self._unseen.by(photograph) if self._unseen else ""
        answer, heatmap = retinopathy.answer(
            photograph, self.pack, criterion, self._device, task, by, with_map=criterion is not None
        )
        if by:
            # Who told it stands last, and is said of all photographs together.
            answer = replace(answer, notes=answer.notes[:-1])
        return Asked(photograph, answer, heatmap)


def ungradable(answer: RetinopathyAnswer) -> Refusal:
    """An ungradable answer as the refusal that stands in its row."""
    why = " ".join(reason.why for reason in answer.reasons)
    advice = " ".join(reason.advice for reason in answer.reasons)
    return Refusal("The photograph is ungradable.", why, advice)
