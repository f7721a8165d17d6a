"""What the engine chip says: the engine's state, or the work that a person waits for."""

from PySide6.QtCore import QObject

from viewer.client.engine import EngineClient, EngineState
from viewer.notices import Job
from viewer.panels.bars import EngineChip
from viewer.photograph.presenter import Presenter


class Chip(QObject):
    """Keeps ``chip`` to the engine and the jobs."""

    def __init__(self, chip: EngineChip, presenter: Presenter, client: EngineClient) -> None:
        super().__init__(presenter)
        self._chip = chip
        self._presenter = presenter
        self._words = ""
        self._state = EngineState.OFF
        self._jobs: dict[int, Job] = {}
        self._training = ""
        client.state_changed.connect(self._show_engine)
        presenter.jobs.job_changed.connect(self._show_job)
        presenter.jobs.job_ended.connect(self._end_job)
        self._show()

    def words(self) -> str:
        """What it says."""
        return self._chip.words()

    def _show_engine(self, state: EngineState, said: str) -> None:
        self._words, self._state = said, state
        self._show()

    def show_training(self, words: str) -> None:
        """Tell of a training while nothing else is waited for; empty when none goes on."""
        self._training = words
        self._show()

    def _show_job(self, job: Job) -> None:
        self._jobs[job.id] = job
        self._show()

    def _end_job(self, number: int) -> None:
        self._jobs.pop(number, None)
        self._show()

    def _show(self) -> None:
        job = next(iter(self._jobs.values()), None)
        said = self._words
        if job is None and self._state is EngineState.READY:
            said = self._training or said
        elif job is not None and self._state is EngineState.READY:
            said = "Stopping" if job.stopping else job.title.split(" ", 1)[0]
        self._chip.show_words(said or "Engine starting", self._presenter.device_reason)
