"""What the window says about the engine's process."""

STARTING = "Engine starting"
READY = "Engine ready"
STOPPING = "Stopping"
OFF = "Engine off"

CANCELLED = "It was cancelled."
NO_TEXT = "Its path holds bytes that are no text."
RENAME = "Rename the file or its folder and open it again."
START_AGAIN = "Start LesionLens again; if this stays, install it again."


def restarted(time: str) -> str:
    """For the chip."""
    return f"Engine restarted {time}"


def crashed(time: str, again: int) -> str:
    """For the row after a crash."""
    return f"The engine stopped unexpectedly at {time} and was started again.{_again(again)}"


def killed(time: str, again: int) -> str:
    """For the row after a cancel that the engine did not heed."""
    why = "The engine went on with what is not wanted any more, and was started again at"
    return f"{why} {time}.{_again(again)}"


def _again(requests: int) -> str:
    if requests == 0:
        return ""
    return (
        " One request is asked once more."
        if requests == 1
        else f" {requests} requests are asked once more."
    )


def not_started(reason: str) -> str:
    """Why a request has no answer, where the engine could not be started."""
    return f"The engine could not be started: {reason}."


def keeps_stopping(deaths: int) -> str:
    """Why a request has no answer, where the engine dies again and again."""
    return f"The engine stopped {deaths} times without having done anything."


def other_version(engine: str, window: str) -> str:
    """Why a request has no answer, where engine and window do not speak the same language."""
    if engine == window:
        return (
            f"Window and engine are both version {window}, but of different installations, or the "
            "program was changed after the window had started."
        )
    return f"The window is version {window}, and its engine is version {engine}."
