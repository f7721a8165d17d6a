"""What is known of a volume from its headers: unit, windows, padding, where it comes from."""

import math
from collections.abc import Sequence
from pathlib import PurePath

import numpy as np

from engine.images.dicom.header import Header
from engine.images.dicom.picture import Picture
from engine.images.dicom.values import dtype_for, rescale_of, stored_range
from engine.listing import Origin
from engine.pictures import GreyWindow

_AIR = -1024.0
"""HU. What stands where a CT has no slice."""

_UNITS = {
    "US": None,
    "NONE": None,
    "1": None,
    "BQML": "Bq/ml",
    "CNTS": "counts",
    "CPS": "counts/s",
    "PROPCNTS": "proportional to counts",
    "PROPCPS": "proportional to counts/s",
    "GML": "g/ml",
    "MGML": "mg/ml",
    "PCT": "%",
    "HU_MOD": "HU, modified",
    "Z_EFF": "effective atomic number",
    "OD": "10⁻³ OD",
    "GY": "Gy",
    "RELATIVE": "%",
}
"""DICOM's words for units (PS3.3 C.7.6.16, C.8.9.1, C.11.1.1.2) as a reader writes them; others are
shown as they stand."""

_LONGEST_UNIT = 24


def origin_of(header: Header) -> Origin:
    """Whose picture it is."""
    who = f"{header.patient_id}\\{header.patient_name}"
    return Origin(
        patient_key=who if who != "\\" else str(PurePath(header.path).parent),
        patient_name=header.patient_name,
        patient_id=header.patient_id,
        patient_sex=header.patient_sex,
        patient_age=header.patient_age,
        study_uid=header.study_uid,
        study_date=header.study_date,
        study_time=header.study_time,
        study_description=header.study_description,
        series_uid=header.series_uid,
        series_number=header.series_number,
        series_description=header.series_description,
        body_part=header.body_part,
        slice_thickness=header.first.slice_thickness,
    )


def title_of(header: Header, suffixes: Sequence[str]) -> str:
    """A short name: "4 Lung 5 mm", with what tells it from others of its series."""
    name = header.series_description or header.modality or PurePath(header.path).name
    number = "" if header.series_number is None else f"{header.series_number} "
    return ", ".join([f"{number}{name}", *filter(None, suffixes)])


def unit_of(pictures: Sequence[Picture]) -> str | None:
    """What the values are in, None if that is not told or not the same for all."""
    units = {_unit(each) for each in pictures}
    return units.pop() if len(units) == 1 else None


def units_differ(pictures: Sequence[Picture]) -> bool:
    """Whether the pictures are in different units."""
    return len({_unit(each) for each in pictures}) > 1


def _unit(picture: Picture) -> str | None:
    header, own = picture.header, picture.own
    if own.slope == 0:  # it is not used: the numbers are those stored
        return None
    rescaled = own.slope is not None or header.modality_lut
    if header.units and (rescaled or header.modality != "RTDOSE"):
        return _words(header.units)
    if header.rescale_type and rescaled:
        return _words(header.rescale_type)
    return "HU" if header.modality == "CT" and own.slope is not None else None


def _words(unit: str) -> str | None:
    return _UNITS.get(unit.upper(), unit[:_LONGEST_UNIT])


def windows_of(pictures: Sequence[Picture]) -> tuple[GreyWindow, ...]:
    """The windows of the middle picture: many scanners write another for every slice."""
    return tuple(dict.fromkeys(pictures[len(pictures) // 2].own.windows))


def padding_of(pictures: Sequence[Picture], dtype: str) -> float | None:
    """The value, as shown in ``dtype``, that stands for "nothing was measured here".

    None where none is declared, where it cannot be stored in these bits or is rescaled beyond all
    numbers, where a modality LUT turns it into something else, or where it is not the same for all
    pictures.
    """
    found = {_padding(each) for each in pictures}
    padding = found.pop() if len(found) == 1 else None
    if padding is None or not math.isfinite(padding):
        return None
    return float(np.dtype(dtype).type(padding))


def _padding(picture: Picture) -> float | None:
    header = picture.header
    if header.padding is None or header.modality_lut:
        return None
    low, high = stored_range(header)
    if not low <= header.padding <= high:
        return None
    slope, intercept = rescale_of(picture.own)
    return header.padding * slope + intercept


def blank_of(dtype: str, unit: str | None, padding: float | None) -> float:
    """What stands where there is no slice: the padding, else air in a CT, else 0."""
    value = padding if padding is not None else _AIR if unit == "HU" else 0.0
    if not np.issubdtype(dtype, np.integer):
        return value
    limits = np.iinfo(dtype)
    return float(min(max(round(value), int(limits.min)), int(limits.max)))


def dtype_of(pictures: Sequence[Picture]) -> str:
    """The type that holds every value of these pictures exactly."""
    return dtype_for(list({each.header.path: each.header for each in pictures}.values()))
