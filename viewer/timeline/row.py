"""The row of the work list that tells how many photographs of a patient are read."""

from collections.abc import Callable

from engine.service.messages import Progress
from viewer.jobs import Jobs
from viewer.timeline.story import Story

JOB = -1
"""All questions together: a number that no request of the engine has."""


class ReadingRow:
    """There while something is still to be asked; ``again`` is what *Run again* does."""

    def __init__(self, jobs: Jobs, again: Callable[[], object]) -> None:
        self._jobs = jobs
        self._again = again
        self._shown = False

    def show(self, story: Story, *, stopped: bool) -> None:
        """How far it is."""
        done, total = story.progress
        if stopped or done >= total:
            self.end()
            return
        if not self._shown:
            self._shown = True
            whose = story.name or "this patient"
            self._jobs.begin(JOB, f"Reading the visits of {whose}", self._again)
        self._jobs.progress(Progress(JOB, story.doing, done, total))

    def end(self) -> None:
        """All is read, or nothing more is asked."""
        if self._shown:
            self._shown = False
            self._jobs.end(JOB)
