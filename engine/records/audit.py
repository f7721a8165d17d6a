"""Whether the records are as they were written, told to who asks for it."""

from dataclasses import dataclass
from pathlib import Path

from engine.errors import Refusal
from engine.records.place import file_in
from engine.records.store import open_records


@dataclass(frozen=True)
class Audit:
    """How many events there are, and the first that is not as it was written, None if all are."""

    path: str
    events: int
    first_broken: int | None

    @property
    def words(self) -> str:
        """What was found, in a sentence."""
        if not self.events:
            return "There are no records yet."
        if self.first_broken is None:
            return f"All {self.events} events are as they were written."
        return f"Event {self.first_broken} of {self.events} is not as it was written."

    def raise_if_broken(self) -> None:
        """Raises ``Refusal`` if the chain is broken."""
        if self.first_broken is not None:
            raise Refusal(
                "The records were changed by something other than LesionLens.",
                f"Event {self.first_broken} of {self.events} is not as it was written.",
                f"What comes before it can be relied on; keep {self.path} as it is.",
            )


def verify(folder: Path | None = None) -> Audit:
    """Check the records of ``folder``, the user's own if None; none are made by asking.

    Raises ``Refusal`` where they cannot be read.
    """
    path = file_in(folder)
    if not path.exists():
        return Audit(str(path), 0, None)
    with open_records(folder) as records:
        return Audit(str(path), records.count(), records.verify())
