"""The words in which measures are told to a reader (LOOK 6 and 12)."""

from typing import assert_never

from engine.measured import (
    Area,
    Degrees,
    Diameters,
    Figures,
    Length,
    NotMeasured,
    Place,
    Region,
    Statistics,
    Unit,
)

SCALE_NOT_KNOWN = "scale not known"
SCALE_IN_PARTS = "scale known only within one region"
NOTHING_MEASURED = "nothing was measured here"
INTERPOLATED = "interpolated values: SD may be too small"
"""Between acquired values others are smoother than they: up to a quarter on a tilted CT."""
YOU = "(you)"
"""Stands behind what the reader measured, so that it is never taken for the model's."""
_READER = "(reader)"

_MINUS = "\N{MINUS SIGN}"


def figure_lines(figures: Figures, unit: str | None = None) -> tuple[str, ...]:
    """What stands beside a drawing, the chief figure first: "17.4 mm (you)".

    ``unit`` is what the picture's values are in ("HU"), None if that is not known.
    """
    match figures:
        case Length():
            return _scaled(figures, length_words(figures))
        case Degrees(value=value):
            return (f"{_fixed(value, 1)}° {YOU}",)
        case Diameters(long=long, short=short):
            about = "≈ " if long.approximate else ""
            digits = _decimals(long.unit)
            sides = f"{_fixed(long.value, digits)} × {_fixed(short.value, digits)}"
            both = f"{about}{sides} {long.unit}"
            return _scaled(long, both)
        case Region():
            return _region(figures, unit)
        case Place():
            return _place(figures, unit)
        case NotMeasured(why=why):
            return (f"Not measured {YOU}", why)
        case _:
            assert_never(figures)


def for_others(line: str) -> str:
    """A line beside a drawing, on a picture that another person looks at: "17.4 mm (reader)"."""
    return line.removesuffix(YOU) + _READER if line.endswith(YOU) else line


def length_words(length: Length) -> str:
    """A length to a tenth: "17.4 mm", "≈ 17.4 mm", "140.2 px"; "0.42 DD" to a hundredth."""
    about = "≈ " if length.approximate else ""
    return f"{about}{_fixed(length.value, _decimals(length.unit))} {length.unit}"


def area_words(area: Area) -> str:
    """An area to a tenth: "236.4 mm²"; in disc diameters to a hundredth.

    In pixels to three figures, "22900 px²": an outline knows no more.
    """
    about = "≈ " if area.approximate else ""
    if area.unit is Unit.PIXELS:
        return f"{about}{_three_figures(area.value)} {area.unit}²"
    return f"{about}{_fixed(area.value, _decimals(area.unit))} {area.unit}²"


def _three_figures(value: float) -> str:
    return _fixed(float(f"{value:.3g}"), 0) if value >= 99.95 else f"{value:#.3g}"


def _decimals(unit: Unit) -> int:
    # A disc diameter is some 1.5 mm.
    return 2 if unit is Unit.DISC_DIAMETERS else 1


def value_words(value: float, unit: str | None = None) -> str:
    """A picture's value: "−612 HU"; whole where it is in HU, else to three figures or whole."""
    if unit == "HU" or float(value).is_integer() or abs(value) >= 100:
        figure = _fixed(value, 0)
    else:
        figure = f"{value:#.3g}".replace("-", _MINUS)
    return figure if unit is None else f"{figure} {unit}"


def position_words(position: tuple[float, float, float]) -> str:
    """A place in the patient, LPS: "x −54.2  y 12.6  z −101.3 mm (patient)"."""
    x, y, z = (_fixed(side, 1) for side in position)
    return f"x {x}  y {y}  z {z} mm (patient)"


def _scaled(length: Length | Area, words: str) -> tuple[str, ...]:
    chief = f"{words} {YOU}"
    if length.unit is Unit.MILLIMETRES:
        return (chief,)
    return (chief, SCALE_IN_PARTS if length.in_parts else SCALE_NOT_KNOWN)


def _region(region: Region, unit: str | None) -> tuple[str, ...]:
    if isinstance(region.area, NotMeasured):
        chief: tuple[str, ...] = (f"Area not measured {YOU}", region.area.why)
    else:
        chief = _scaled(region.area, area_words(region.area))
    if region.statistics is not None:
        return (*chief, *_statistics(region.statistics, unit))
    if not region.without_value:
        return chief
    voxels = "1 voxel" if region.without_value == 1 else f"{region.without_value} voxels"
    return (*chief, NOTHING_MEASURED, f"{voxels} without a value")


def mean_words(figures: Figures | None, unit: str | None) -> str:
    """The mean of a region's values: "mean 42 HU"; empty where there is none."""
    told = figures.statistics if isinstance(figures, Region) else None
    return "" if told is None else f"mean {value_words(told.mean, unit)}"


def _statistics(told: Statistics, unit: str | None) -> tuple[str, ...]:
    mean, deviation, least, greatest = (
        value_words(value, unit) for value in (told.mean, told.deviation, told.least, told.greatest)
    )
    smoothed = (INTERPOLATED,) if told.interpolated else ()
    voxels = "1 voxel" if told.count == 1 else f"{told.count} voxels"
    return (
        f"mean {mean}, SD {deviation}",
        f"min {least}, max {greatest}",
        voxels if not told.left_out else f"{voxels}, {told.left_out} more without a value",
        *smoothed,
    )


def _place(place: Place, unit: str | None) -> tuple[str, ...]:
    match place.value:
        case None:
            value = NOTHING_MEASURED
        case (red, green, blue):
            value = f"red {red}, green {green}, blue {blue}"
        case number:
            value = value_words(number, unit)
    x, y, z = place.voxel
    where = () if place.position is None else (position_words(place.position),)
    return (f"{value} {YOU}", *where, f"voxel {x}, {y}, {z}")


def _fixed(value: float, decimals: int) -> str:
    words = f"{value:.{decimals}f}"
    # Rounded to nothing, there is no less than nothing.
    if words.startswith("-") and not words.strip("-0."):
        words = words[1:]
    return words.replace("-", _MINUS)
