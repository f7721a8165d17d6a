"""The files of a folder are parted into series, and a series into pictures that share a grid."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import PurePath
from typing import NamedTuple

from msgspec import structs

from engine.images.dicom.header import Header
from engine.images.dicom.mosaic import tile_size
from engine.images.dicom.picture import Picture
from engine.images.dicom.pixel_digest import pixel_digest
from engine.images.dicom.repair_words import size_words
from engine.images.dicom.values import is_colour
from engine.space import COARSEST, FINEST

_SURVEY = "LOCALIZER"
_DERIVED = ("DERIVED",)

_DIGITS = 5
"""Decided: spacings that agree in so many digits are one; over 512 pixels that is a hundredth."""

_OBLONG = 10
"""Decided: pixels are not said to be longer than this many times their other side."""


Copies = dict[str, list[str]]
"""To the path of a file that is used the paths of its copies."""


class Kind(NamedTuple):
    """What pictures must share to lie on one grid, besides their orientation.

    ``pitch`` is mm between (columns, rows), None if it is not known; ``approximate`` whether it is
    that at the detector. ``aspect`` is a pixel's width over its height, 1 where ``pitch`` tells.
    """

    size: tuple[int, int]
    pitch: tuple[float, float] | None
    approximate: bool
    colour: bool
    inverted: bool
    survey: bool
    space: str
    aspect: float = 1.0

    @property
    def key(self) -> "Kind":
        """The same for kinds that share a grid: spacing may be written with few digits or many."""
        if self.pitch is None:
            return self
        x, y = (float(f"{each:.{_DIGITS}g}") for each in self.pitch)
        return self._replace(pitch=(x, y))

    @property
    def words(self) -> str:
        """Said of it: "512 × 512 pixels of 0.7 × 0.7 mm, colour"."""
        parts = [f"{size_words(self.size)} pixels"]
        if self.pitch:
            parts[0] += " of {:.3g} × {:.3g} mm".format(*self.pitch)
        told = (
            (self.aspect != 1, f"{self.aspect:.3g} : 1"),
            (self.colour, "colour"),
            (self.survey, "survey"),
            (self.inverted, "inverted"),
        )
        return ", ".join([*parts, *(word for holds, word in told if holds)])


def series_of(headers: Iterable[Header]) -> list[list[Header]]:
    """Headers of one patient, study and series together; a UID alone may be shared in error."""
    found: dict[tuple[str, ...], list[Header]] = defaultdict(list)
    for header in headers:
        series = header.series_uid or _without_uid(header)
        key = (
            header.patient_id,
            header.patient_name,
            header.study_uid,
            series,
            header.modality,
        )
        found[key].append(header)
    return list(found.values())


def _without_uid(header: Header) -> str:
    """Slices of one folder and number belong together; a picture without a place stands alone."""
    if header.first.position is None:
        return header.path
    return f"{PurePath(header.path).parent} {header.series_number}"


def without_copies(headers: Sequence[Header]) -> tuple[list[Header], Copies]:
    """Each picture's file once, and its copies."""
    kept: dict[tuple[object, ...], Header] = {}
    copies: Copies = defaultdict(list)
    alike: dict[Header, set[str]] = defaultdict(set)
    for header in headers:
        alike[_whatever_the_uid(header)].add(header.sop_instance or header.path)
    for header in headers:
        names = _names(header)
        if len(alike[_whatever_the_uid(header)]) > 1:
            names += _names_by_pixels(header)
        known = next((kept[name] for name in names if name in kept), None)
        if known is not None:
            copies[known.path].append(header.path)
        for name in names:
            kept.setdefault(name, known or header)
    return list({header.path: header for header in kept.values()}.values()), copies


def _names(header: Header) -> list[tuple[object, ...]]:
    """By which a file is known again; a copy shares one of them.

    Decided: without a place, a copy says the same in every word, its instance UID included: such
    pictures may well share their UID, or all words but it, and yet differ. With a place, the same
    UID, number and kind at that place suffice. The transfer syntax is left out: a file may have
    been compressed.
    """
    words = structs.replace(header, path="", transfer_syntax=None)
    names: list[tuple[object, ...]] = [(words,) if header.sop_instance else (header.path,)]
    if header.sop_instance and _has_place(header):
        places = tuple((each.position, each.orientation, each.splits) for each in header.frames)
        form = (header.rows, header.columns, header.samples, header.bits_allocated)
        count = (header.frame_count, header.tiles)
        names.append((header.sop_instance, header.instance_number, form, count, places))
    return names


def _names_by_pixels(header: Header) -> list[tuple[object, ...]]:
    """The same words with a number, at the same place, whatever the UID, and the same pixels.

    A scanner reconstructs one slice with several kernels, and not all words of a header are here.
    """
    if header.instance_number is None or not _has_place(header):
        return []
    digest = pixel_digest(header.path)
    return [] if digest is None else [(_whatever_the_uid(header), digest)]


def _whatever_the_uid(header: Header) -> Header:
    return structs.replace(header, path="", transfer_syntax=None, sop_instance="")


def _has_place(header: Header) -> bool:
    return all(each.position is not None for each in header.frames)


def kind_of(picture: Picture, spaces: frozenset[str]) -> Kind:
    """The kind of a picture; ``spaces`` are the frames of reference that count.

    Where there is one, a picture that names none belongs to it.
    """
    header, own = picture.header, picture.own
    size = (header.columns, header.rows) if picture.tile is None else tile_size(header)
    at_detector = _pitch(header.imager_spacing)
    in_body = _pitch(own.pixel_spacing)
    if in_body == at_detector and not picture.placed:
        in_body = None  # a projection's, not corrected for its magnification (PS3.3, 10.7.1.1)
    pitch = in_body or at_detector
    return Kind(
        size=size,
        pitch=pitch,
        approximate=in_body is None and pitch is not None,
        colour=is_colour(header),
        inverted=header.photometric == "MONOCHROME1",
        survey=_SURVEY in header.image_type,
        space=header.frame_of_reference if len(spaces) > 1 else next(iter(spaces), ""),
        aspect=_aspect(header.aspect_ratio) if pitch is None else 1.0,
    )


def spaces_of(headers: Sequence[Header]) -> frozenset[str]:
    """The frames of reference that these files name.

    None where nearly every file has its own: some anonymisers write them so, and then they say
    nothing.
    """
    told = frozenset(header.frame_of_reference for header in headers if header.frame_of_reference)
    return told if len(told) == 1 or 2 * len(told) <= len(headers) else frozenset()


def originals(pictures: Sequence[Picture]) -> tuple[list[Picture], list[Picture]]:
    """Acquired and computed pictures apart, if two of them share a place; else all, and none.

    Those stay together that the header tells apart by the values of the same words: of a
    diffusion series some b-values are acquired and others computed.
    """
    computed = [each for each in pictures if each.header.image_type[:1] == _DERIVED]
    acquired = [each for each in pictures if each.header.image_type[:1] != _DERIVED]
    if {_place(each) for each in computed}.isdisjoint(map(_place, acquired)):
        return list(pictures), []
    words = {tuple(word for word, _ in each.own.splits) for each in pictures}
    values = {(_place(each), each.own.splits) for each in computed}
    if len(words) == 1 and values.isdisjoint((_place(each), each.own.splits) for each in acquired):
        return list(pictures), []
    return acquired, computed


def _place(picture: Picture) -> tuple[float, ...]:
    assert picture.position is not None
    return tuple(round(each, 2) for each in picture.position)


def _pitch(spacing: tuple[float, float] | None) -> tuple[float, float] | None:
    """From DICOM's (between rows, between columns) to (x, y); None if it is no spacing."""
    if spacing is None or not all(FINEST < each < COARSEST for each in spacing):
        return None
    between_rows, between_columns = spacing
    return between_columns, between_rows


def _aspect(ratio: tuple[float, float] | None) -> float:
    """From DICOM's (height, width) to width over height; 1 where it makes no sense."""
    if ratio is None or min(ratio) <= 0:
        return 1.0
    height, width = ratio
    return width / height if 1 / _OBLONG <= width / height <= _OBLONG else 1.0
