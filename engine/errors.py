"""What the program says instead of an answer: a refusal in three sentences, or cancelled."""


class Refusal(Exception):
    """A sentence that the user can act on, raised where a thing cannot be done.

    ``what`` is so, ``why`` with the expected and the found value, ``advice`` what to do now:
    one sentence each, without jargon and without patient data beyond the file's own name.
    """

    def __init__(self, what: str, why: str, advice: str) -> None:
        super().__init__(what, why, advice)
        self.what = what
        self.why = why
        self.advice = advice

    @property
    def reason(self) -> str:
        """What and why together, as JSON and CSV carry it."""
        return f"{self.what} {self.why}"

    def __str__(self) -> str:
        return f"{self.what} {self.why} {self.advice}"


class Cancelled(Exception):
    """The person asked for it to stop. Never a failure."""
