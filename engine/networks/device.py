"""Where the network runs: the processor or a graphics card, and a sentence that says why."""

from dataclasses import dataclass

import torch

from engine.errors import Refusal

AUTOMATIC = "automatic"
PROCESSOR = "processor"


@dataclass(frozen=True)
class Device:
    """``name`` as torch spells it ("cpu", "cuda:0") and the ``reason`` for it, one sentence."""

    name: str
    reason: str


def devices() -> tuple[str, ...]:
    """The settings that name a device of this machine: "processor", then every card."""
    return (PROCESSOR, *(f"cuda:{number}" for number in range(_count())))


def choose(setting: str = AUTOMATIC) -> Device:
    """The device for ``setting``: "automatic", "processor" or "cuda:N".

    A card that is not there, or that does not work, is no error: the processor takes its place
    and the reason says so, because a laptop leaves its docking station with its settings.

    Raises:
        Refusal: the setting is none of these.
    """
    if setting == PROCESSOR:
        return Device("cpu", "The processor is used because the settings say so.")
    if setting == AUTOMATIC:
        return _first_that_works()
    kind, _, number = setting.partition(":")
    if kind != "cuda" or not number.isdecimal():
        raise Refusal(
            f'The device "{setting}" is not known.',
            f"The setting is automatic or one of {', '.join(devices())}.",
            "Choose one of these.",
        )
    fault = _fault(int(number))
    if fault:
        return Device("cpu", f"The processor is used because graphics card {number} {fault}.")
    name = torch.cuda.get_device_name(int(number))
    return Device(setting, f"Graphics card {number}, {name}, is used because the settings say so.")


def _first_that_works() -> Device:
    faults = []
    for number in range(_count()):
        fault = _fault(number)
        if not fault:
            name = torch.cuda.get_device_name(number)
            return Device(f"cuda:{number}", f"Graphics card {number}, {name}, is used: it works.")
        faults.append(f"graphics card {number} {fault}")
    reason = " and ".join(faults) or "no graphics card was found that torch can use"
    return Device("cpu", f"The processor is used because {reason}.")


def _count() -> int:
    return torch.cuda.device_count() if torch.cuda.is_available() else 0


def _fault(number: int) -> str:
    """What is wrong with the card, as the end of a sentence; empty if it works."""
    if number >= _count():
        return "was not found"
    try:
        # A card that is too old for this torch is listed, and fails at its first kernel.
        torch.ones(1, device=f"cuda:{number}").add_(1).item()
    except RuntimeError:
        return "was found but cannot compute"
    return ""
