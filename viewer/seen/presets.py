"""Windows to choose from by digit, and the one in which a volume opens."""

import re
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.listing import Origin
from engine.pictures import FrameAxis, GreyWindow, VolumeFacts
from viewer.seen.display import Display, Sampling
from viewer.seen.slice_state import ShownVolume, whole_range

HEADER_DIGIT = 9
SOFT_TISSUE = GreyWindow(40, 400, "Soft tissue")
LUNG = GreyWindow(-600, 1500, "Lung")
MEDIASTINUM = GreyWindow(50, 350, "Mediastinum")
BONE = GreyWindow(400, 1800, "Bone")
LIVER = GreyWindow(80, 150, "Liver")
BRAIN = GreyWindow(40, 80, "Brain")
FULL_RANGE = "Full range"
MIDDLE = "Middle 98 %"

_CT = {1: SOFT_TISSUE, 2: LUNG, 3: MEDIASTINUM, 4: BONE, 5: LIVER, 6: BRAIN}
_OTHERS = {1: FULL_RANGE, 2: MIDDLE}
_HEAD = ("HEAD", "BRAIN", "SKULL", "CRANI", "CEREBR", "KOPF", "SCHÄDEL")
"""How words begin by which a header tells a head."""

_LUNG_FROM, _LUNG_TO = -950.0, -600.0
_CHEST_FROM = 0.15
"""Decided: the share of lung in the middle from which a CT opens in the lung window. Lungs fill a
quarter to a half of the middle of a chest; an abdomen begun at their bases has less than a tenth.
"""
_BODY_FROM, _BODY_SHARE = -300.0, 0.05
_HEAD_WIDEST = 260.0
"""Millimetres, with the head rest."""
_HEAD_BRAIN_FROM = 0.5
_MOST_SAMPLES = (48, 128, 128)
_HU_LOW = (-3100.0, -900.0)
_HU_MOST = 32767.0


@dataclass(frozen=True)
class Preset:
    """A window to choose: ``digit`` is its key, ``name`` stands on the menu."""

    digit: int
    name: str


def has_hounsfield(facts: VolumeFacts) -> bool:
    """Whether CT's windows fit: a CT, or a file of no modality whose values begin where air's do.

    Decided: that guess is for windows alone; no value is called HU by it.
    """
    if facts.colour:
        return False
    if facts.modality is not None or facts.unit is not None:
        return facts.modality == "CT" or facts.unit == "HU"
    low, high = facts.value_range or (0.0, 0.0)
    return _HU_LOW[0] <= low <= _HU_LOW[1] and high <= _HU_MOST


def presets(facts: VolumeFacts) -> tuple[Preset, ...]:
    """The presets of a volume, by digit; the header's window last."""
    names = (
        {digit: window.name for digit, window in _CT.items()} if has_hounsfield(facts) else _OTHERS
    )
    listed = [Preset(digit, name) for digit, name in names.items()]
    if facts.windows:
        listed.append(Preset(HEADER_DIGIT, "Header"))
    return tuple(listed)


def preset_window(
    volume: ShownVolume, frame: int, digit: int, now: GreyWindow
) -> GreyWindow | None:
    """The window behind a digit; None if there is none.

    The header's digit goes on to the header's next window where ``now`` is already one of them.
    """
    facts = volume.facts
    if digit == HEADER_DIGIT:
        windows = facts.windows
        if not windows:
            return None
        return windows[(windows.index(now) + 1) % len(windows)] if now in windows else windows[0]
    if has_hounsfield(facts):
        return _CT.get(digit)
    if digit not in _OTHERS:
        return None
    if digit == 1 and facts.value_range is not None:
        return whole_range(facts)
    sample = sampled(volume, frame)
    return full_range(sample) if digit == 1 else middle(sample)


def window_of_frame(volume: ShownVolume, window: GreyWindow, before: int, now: int) -> GreyWindow:
    """The window once frame ``now`` is shown instead of ``before``.

    What was computed of a frame's values is computed anew: b 800 is nearly black in the window of
    b 0. Decided: not in time, whose frames are there to be compared; there the name says whose
    window it is. A window that was set by hand, or is no frame's own, stays.
    """
    if before == now or window.name != MIDDLE:
        return window
    if volume.facts.frame_axis in (FrameAxis.TIME, FrameAxis.PHASE):
        return replace(window, name=f"{MIDDLE} of frame {before + 1}")
    return middle(sampled(volume, now))


def digit_of(facts: VolumeFacts, window: GreyWindow) -> int | None:
    """The digit that gives this window, None if it was set otherwise."""
    if window in facts.windows:
        return HEADER_DIGIT
    if has_hounsfield(facts):
        return next((digit for digit, preset in _CT.items() if preset == window), None)
    return next((digit for digit, name in _OTHERS.items() if name == window.name), None)


def first_window(facts: VolumeFacts, origin: Origin, sample: NDArray[Any]) -> GreyWindow:
    """The window in which a volume opens.

    ``sample`` is (z, y, x), thinned out, as ``sampled`` gives it. What a CT shows is decided by
    the picture before the header: a series called "lung bases" shows an abdomen. Lung in the
    middle means the lung window. A head is one whose body part says so, or, where none is told,
    what is no wider than a head and called one or mostly brain. Any other CT opens in soft tissue,
    MR in the middle 98 per cent, anything else in the header's window or in the whole range.
    """
    if facts.colour:
        return GreyWindow(127.5, 255, FULL_RANGE)
    if has_hounsfield(facts):
        if lung_share(sample) >= _CHEST_FROM:
            return LUNG
        return BRAIN if _is_head(facts, origin, sample) else SOFT_TISSUE
    if facts.modality != "MR" and facts.windows:
        return facts.windows[0]
    # The range of all frames, where it is known: the first of a field's components may be all one.
    whole = whole_range(facts) if facts.value_range is not None else full_range(sample)
    return whole if facts.modality != "MR" and whole.width <= 255 else middle(sample)


def first_display(volume: ShownVolume, frame: int = 0) -> Display:
    """How a volume opens at a frame: in its first window; PET dark on white.

    MR is read smooth: its few voxels would fill a screen as squares.
    """
    modality = volume.facts.modality
    return Display(
        first_window(volume.facts, volume.origin, sampled(volume, frame)),
        colours="inverse grey" if modality == "PT" else "grey",
        sampling=Sampling.SMOOTH if modality == "MR" else Sampling.BY_ZOOM,
    )


def ranged(volume: ShownVolume) -> ShownVolume:
    """With the range of what is read, where that of all is not known yet."""
    facts = volume.facts
    if facts.value_range is not None or facts.colour or volume.is_blank:
        return volume
    window = full_range(sampled(volume))
    low, high = window.centre - window.width / 2, window.centre + window.width / 2
    return replace(volume, facts=replace(facts, value_range=(low, high)))


def sampled(volume: ShownVolume, frame: int = 0) -> NDArray[Any]:
    """Some of a frame's values that were read and measured, (z, y, x); others are NaN, as floats.

    Evenly thinned out, so that it takes some milliseconds for any volume.
    """
    facts, values = volume.facts, volume.values[frame]
    there = [
        z
        for z in range(facts.grid.size[2])
        if volume.is_read(frame, z)
        and z not in facts.grid.missing
        and frame not in facts.blank_frames
    ]
    steps = [
        max(-(-side // most), 1) for side, most in zip(values.shape, _MOST_SAMPLES, strict=False)
    ]
    picked = there[:: max(-(-len(there) // _MOST_SAMPLES[0]), 1)]
    if not picked:
        return np.empty((0, *values[0, :: steps[1], :: steps[2]].shape), np.float32)
    thin = np.stack([values[z, :: steps[1], :: steps[2]] for z in picked]).astype(np.float32)
    if facts.padding is not None:
        thin[thin == np.float32(facts.padding)] = np.nan
    return thin


def full_range(sample: NDArray[Any]) -> GreyWindow:
    """From the least to the greatest value of a sample."""
    measured = _measured(sample)
    low, high = (float(measured.min()), float(measured.max())) if measured.size else (0.0, 1.0)
    return _between(low, high, FULL_RANGE)


def middle(sample: NDArray[Any]) -> GreyWindow:
    """Without the least and the greatest 1 per cent of a sample."""
    measured = _measured(sample)
    low, high = np.percentile(measured, (1, 99)).tolist() if measured.size else (0.0, 1.0)
    return _between(low, high, MIDDLE)


def lung_share(sample: NDArray[Any]) -> float:
    """Which share of the middle, half the width and half the height, has the density of lung."""
    height, width = sample.shape[1:]
    inner = sample[:, height // 4 : height - height // 4, width // 4 : width - width // 4]
    measured = _measured(inner)
    if not measured.size:
        return 0.0
    return float(((measured > _LUNG_FROM) & (measured < _LUNG_TO)).mean())


def _is_head(facts: VolumeFacts, origin: Origin, sample: NDArray[Any]) -> bool:
    if origin.body_part:
        return _names_head(origin.body_part)
    wide = _width(facts, sample)
    if wide is not None and wide > _HEAD_WIDEST:
        return False
    told = f"{origin.series_description} {origin.study_description}"
    return _names_head(told) or (wide is not None and _brain_share(sample) >= _HEAD_BRAIN_FROM)


def _names_head(words: str) -> bool:
    return any(word.startswith(_HEAD) for word in re.findall(r"[^\W\d_]+", words.upper()))


def _width(facts: VolumeFacts, sample: NDArray[Any]) -> float | None:
    """How wide the body is, in mm; None if that cannot be told."""
    across = facts.grid.spacing[0]
    if across is None or not sample.size:
        return None
    columns = np.flatnonzero((sample > _BODY_FROM).mean(axis=(0, 1)) > _BODY_SHARE)
    if not columns.size:
        return None
    return float((columns[-1] - columns[0] + 1) * across * facts.grid.size[0] / sample.shape[2])


def _brain_share(sample: NDArray[Any]) -> float:
    """Which share of the middle third has the density of brain."""
    height, width = sample.shape[1:]
    inner = sample[:, height // 3 : height - height // 3, width // 3 : width - width // 3]
    return float(((inner > 0) & (inner < 80)).mean())


def _measured(sample: NDArray[Any]) -> NDArray[Any]:
    return np.asarray(sample[np.isfinite(sample)])


def _between(low: float, high: float, name: str) -> GreyWindow:
    width = high - low
    return GreyWindow((low + high) / 2, width if width > 0 else 1.0, name)
