"""Every sentence about what was mended, and about what could not be placed, in one place."""

from collections.abc import Sequence
from pathlib import Path

from engine.images.reading import name_of
from engine.pictures import Repair, RepairKind

_NAMED = 3
"""So many files or slices are named, the others counted."""


def tilt(degrees: float, size: tuple[int, int, int]) -> Repair:
    """Slices that do not lie straight above each other, by one angle."""
    return Repair(
        RepairKind.TILT,
        f"The slices are tilted by {degrees:.1f}° against the direction in which they are "
        "stacked, as from a tilted gantry: they do not lie straight above each other. "
        f"{_moved(size)}",
    )


def shear(most: float, size: tuple[int, int, int]) -> Repair:
    """Slices that are shifted sideways against each other, not by one angle."""
    return Repair(
        RepairKind.SHEAR,
        f"The slices are shifted sideways against each other, by up to {mm(most)}. {_moved(size)}",
    )


def _moved(size: tuple[int, int, int]) -> str:
    return (
        "Each was moved within its own plane onto a straight grid of "
        f"{size_words(size)} voxels, its values interpolated between pixels; lengths and angles "
        "are right there."
    )


def missing(slices: Sequence[int], step: float) -> Repair:
    """Slices that are not there; ``slices`` are their numbers as a reader counts them."""
    several = len(slices) > 1
    rows = _rows(slices)
    told = ", ".join(
        f"{row[0] - 1} and {row[-1] + 1} ({mm((len(row) + 1) * step)} apart)"
        for row in rows[:_NAMED]
    )
    return Repair(
        RepairKind.MISSING_SLICES,
        f"{len(slices)} {'slices are' if several else 'slice is'} missing, between slices {told}"
        f"{_more(len(rows))}; the others lie {mm(step)} apart. "
        f"{'Blank slices stand' if several else 'A blank slice stands'} there, and nothing is "
        "measured across the gap.",
    )


def incomplete(frames: Sequence[tuple[str, int]], places: int) -> Repair:
    """Frames that have fewer slices than others: their names, and how many they have."""
    told = ", ".join(f"“{name}” ({count} of {places})" for name, count in frames[:_NAMED])
    return Repair(
        RepairKind.MISSING_SLICES,
        f"Not every frame has all slices: {told}{_more(len(frames))}. "
        "They are blank where a slice is missing.",
    )


def loose(gaps: tuple[float, float], step: float, astray: float) -> Repair:
    """Slices that lie almost evenly, and are shown as if they did."""
    return Repair(
        RepairKind.UNEVEN_GAPS,
        f"The slices lie {span(gaps)} apart. They are shown as they are, {mm(step)} apart; none "
        f"lies more than {mm(astray)} from its place.",
    )


def uneven(gaps: tuple[float, float], step: float, slices: tuple[int, int]) -> Repair:
    """Slices interpolated to an even distance; ``slices`` is how many there were and are."""
    before, after = slices
    return Repair(
        RepairKind.UNEVEN_GAPS,
        f"The {before} slices lie {span(gaps)} apart. {after} slices were interpolated linearly "
        f"between them, {mm(step)} apart; detail along the stack is not better than that of the "
        "original slices.",
    )


def duplicates(count: int) -> Repair:
    """Files that were there more than once."""
    told = f"{count} files are copies" if count > 1 else "1 file is a copy"
    return Repair(
        RepairKind.DUPLICATE_SLICES,
        f"{told} of others: the same picture at the same place, by its identifier or by its "
        "header and pixels. One of each is used.",
    )


def several_per_position(most: int, names: Sequence[str], beside: float) -> Repair:
    """Several pictures at one place, sorted into frames."""
    told = ", ".join(f"“{name}”" for name in names[:_NAMED])
    shifted = (
        f" They lie up to {mm(beside)} beside each other; all are shown at the place of the first."
        if beside
        else ""
    )
    return Repair(
        RepairKind.SEVERAL_PER_POSITION,
        f"There are {most} pictures at one position. They were sorted into {len(names)} "
        f"frames: {told}{_more(len(names))}.{shifted}",
    )


def original_and_derived() -> Repair:
    """Computed pictures at the places of acquired ones."""
    return Repair(
        RepairKind.SEVERAL_PER_POSITION,
        "Acquired pictures and pictures computed from them lie at the same positions. "
        "Each kind is listed on its own.",
    )


def several_planes(planes: Sequence[tuple[str, int]]) -> Repair:
    """Pictures of several directions in one series, with the number of each."""
    told = ", ".join(f"{name} ({count})" for name, count in planes[: 2 * _NAMED])
    more = f" and {len(planes) - 2 * _NAMED} more" if len(planes) > 2 * _NAMED else ""
    return Repair(
        RepairKind.SEVERAL_PLANES,
        f"The series holds pictures of {len(planes)} planes: {told}{more}. Each plane is listed "
        "on its own.",
    )


def planes_in_a_row(count: int) -> Repair:
    """Pictures of which each lies in a plane of its own."""
    return Repair(
        RepairKind.SEVERAL_PLANES,
        f"These {count} pictures lie in as many planes, turned against each other. They are shown "
        "one after the other, without their places in the patient.",
    )


def several_sizes(kinds: Sequence[tuple[str, int]]) -> Repair:
    """Pictures in one series that cannot share a grid, with the number of each kind."""
    told = ", ".join(f"{count} of {words}" for words, count in kinds[:_NAMED])
    return Repair(
        RepairKind.SEVERAL_SIZES,
        f"The series holds pictures of {len(kinds)} sizes or kinds: {told}{_more(len(kinds))}. "
        "Each is listed on its own.",
    )


def several_spaces(count: int) -> Repair:
    """Pictures in one series that lie in several frames of reference."""
    return Repair(
        RepairKind.SEVERAL_BLOCKS,
        f"The pictures of the series lie in {count} frames of reference, and nothing says how "
        "these lie to each other. Each is listed on its own.",
    )


def several_blocks(counts: Sequence[int], apart: float) -> Repair:
    """Slices in blocks of ``counts``, at most ``apart`` mm from each other; 0 if they overlap."""
    told = ", ".join(map(str, counts[: 2 * _NAMED]))
    more = f" and {len(counts) - 2 * _NAMED} more" if len(counts) > 2 * _NAMED else ""
    how = f"up to {mm(apart)} apart" if apart else "that overlap or lie side by side"
    return Repair(
        RepairKind.SEVERAL_BLOCKS,
        f"The slices lie in {len(counts)} blocks {how}, which make no single volume: {told}{more} "
        "slices. Each block is listed on its own.",
    )


def blocks_in_a_row(pictures: int, blocks: int) -> Repair:
    """Slices that lie so unevenly that hardly two of them make a volume."""
    return Repair(
        RepairKind.SEVERAL_BLOCKS,
        f"The {pictures} pictures lie so unevenly that they would make {blocks} volumes, most of "
        "one slice. They are shown one after the other, without their places in the patient.",
    )


def mosaic(tiles: int, files: int) -> Repair:
    """Tiles of one large picture that are the slices of a volume."""
    which = f"Each of {files} files" if files > 1 else "The file"
    return Repair(
        RepairKind.MOSAIC,
        f"{which} holds {tiles} slices side by side in one picture (a mosaic). They were cut "
        "apart and stacked at the distance that the file tells.",
    )


def detector_spacing() -> Repair:
    """Spacing known at the detector alone."""
    return Repair(
        RepairKind.SPACING,
        "Only the spacing at the detector is known (Imager Pixel Spacing), not that in the body. "
        "Lengths are those on the detector, longer than in the body, and are said with ≈.",
    )


def crooked() -> Repair:
    """Directions that were nearly of unit length and at right angles."""
    return Repair(
        RepairKind.ORIENTATION,
        "The directions of rows and columns in the header are not quite at right angles or of "
        "length 1. The nearest directions that are stand in their place.",
    )


def turned(degrees: float) -> Repair:
    """Slices that are turned a little against each other."""
    return Repair(
        RepairKind.ORIENTATION,
        f"The slices are turned by up to {degrees:.2g}° against each other. All are shown as if "
        "they had the direction of most.",
    )


# ---- what cannot be placed


def refused(path: str, why: str) -> str:
    """The whole reason, with the file's name."""
    return f"“{name_of(Path(path))}” cannot be shown. {why}"


def crooked_reason(orientation: Sequence[float]) -> str:
    """Directions that say nothing."""
    told = "\\".join(f"{number:g}" for number in orientation)
    return (
        "Its place in the patient cannot be told: the directions of its rows and columns must be "
        f"of length 1 and at right angles, but the header has {told}."
    )


def not_told_apart(most: int, files: Sequence[str]) -> str:
    """Several pictures at one place, and nothing to sort them by."""
    return (
        f"Up to {most} pictures lie at one position, some positions have fewer, and nothing in "
        f"the headers tells which belong together: {_files(files)}."
    )


def scattered(most: float, width: float) -> str:
    """Slices that are shifted sideways too far to be one volume."""
    return (
        "The slices make no volume: they should lie above each other, but are shifted sideways by "
        f"up to {mm(most)}, while a slice is {mm(width)} wide."
    )


def strewn(pictures: int, places: int) -> str:
    """Pictures that lie side by side everywhere."""
    return (
        f"The {pictures} pictures of this plane should lie above each other, but lie side by side "
        f"in {places} places: they make no volume."
    )


def no_size(rows: int, columns: int) -> str:
    """A picture without pixels."""
    return f"Its header says {columns} × {rows} pixels; at least 1 × 1 are expected."


def mosaic_unknown(fault: str) -> str:
    """A mosaic that cannot be cut apart with certainty."""
    return (
        "It is a mosaic, many slices side by side in one picture, and cannot be cut apart with "
        f"certainty: {fault}."
    )


# ---- what is shown, and what is not known of it

FRAMES_WITHOUT_PLACE = (
    "The header does not say how the frames of this file lie to each other: they are shown one "
    "after the other, and nothing is measured between them."
)
PICTURES_WITHOUT_PLACE = (
    "Nothing says where in the patient these pictures lie: they are shown in the order in which "
    "they were taken, and nothing is measured between them."
)
NO_POSITION = (
    "Other pictures of this series have a position in the patient; this has none, or one that is "
    "no number."
)
NO_SPACING = (
    "The distance between pixels is not known: the header has none, or one that is not above 0. "
    "There are no millimetres."
)
SCALE_IN_REGIONS = (
    "The scale is known within the ultrasound's own regions, not for the whole picture: what is "
    "drawn wholly within one is told in millimetres."
)
REGIONS_UNTRUSTED = (
    "The header's ultrasound regions do not fit its picture, so their scale is not used: there are "
    "no millimetres."
)
SQUEEZED = (
    "The header says that its pixels are not square (Pixel Aspect Ratio): it is shown as if they "
    "were, and its angles are not true."
)
SLOPE_OF_NOTHING = (
    "The header multiplies the stored numbers by 0 (Rescale Slope), which would leave nothing of "
    "the picture: they are taken as they are, and their unit is not known."
)
UNITS_DIFFER = "The pictures are in different units: none is shown."
SPACES_UNTRUSTED = (
    "Nearly every file names a frame of reference of its own: they were taken to share one, and "
    "the series cannot be linked to others by its position."
)


def not_square(aspect: float) -> str:
    """Pixels of known shape and unknown size; ``aspect`` is their width over their height."""
    times, longer = (aspect, "wide") if aspect > 1 else (1 / aspect, "high")
    other = "high" if longer == "wide" else "wide"
    return (
        f"Its pixels are {times:.3g} times as {longer} as {other} (Pixel Aspect Ratio), and their "
        "size is not known: the picture is shown in that proportion, angles are true, and lengths "
        "are counted in pixels along rows and columns alone."
    )


def leaning_without_spacing(degrees: float) -> str:
    """Slices that should be straightened, but cannot."""
    return (
        f"The slices lean by {degrees:.1f}°, and without the distance between pixels they cannot "
        "be put straight above each other."
    )


def uneven_without_spacing(gaps: tuple[float, float]) -> str:
    """Slices that should be interpolated, but cannot."""
    return (
        f"The slices lie {span(gaps)} apart, and without the distance between pixels they are "
        "shown as they are: nothing is measured between them."
    )


def tilt_not_seen(degrees: float) -> str:
    """A tilt that the header names, and the positions do not show."""
    return (
        f"The header names a gantry tilt of {degrees:g}°, but the positions of the slices show "
        "none: they are taken as they stand."
    )


def several_syntaxes(count: int) -> str:
    """Files that are stored in several ways."""
    return f"The files are stored in {count} transfer syntaxes; the most frequent one is named."


# ---- words


def mm(length: float) -> str:
    """A length, with as many digits as say something: "0.75 mm", "0.004 mm"."""
    if 0 < abs(length) < 0.01:
        return f"{length:.1g} mm"
    return f"{length:.2f}".rstrip("0").rstrip(".") + " mm"


def span(lengths: tuple[float, float]) -> str:
    """From the least length to the greatest: "2.5 to 5 mm"."""
    least, greatest = (mm(length) for length in lengths)
    return f"{least.removesuffix(' mm')} to {greatest}"


def overlays(drawn: int, pictures: int, *, shown: bool) -> str:
    """What the files themselves draw over ``drawn`` of their pictures."""
    where = "the picture" if pictures == 1 else f"{drawn} of the {pictures} pictures"
    told = "shown in white on the slices as they were acquired" if shown else "not shown"
    return f"The file draws marks or words over {where} (overlay); they are {told}."


def size_words(size: Sequence[int]) -> str:
    """A size: "512 × 521 × 4"."""
    return " × ".join(map(str, size))


def _rows(numbers: Sequence[int]) -> list[list[int]]:
    """Numbers that follow each other together."""
    rows: list[list[int]] = []
    for number in numbers:
        if rows and number == rows[-1][-1] + 1:
            rows[-1].append(number)
        else:
            rows.append([number])
    return rows


def _files(paths: Sequence[str]) -> str:
    named = ", ".join(f"“{name_of(Path(path))}”" for path in paths[:_NAMED])
    return f"{named}{_more(len(paths))}"


def _more(count: int) -> str:
    return f" and {count - _NAMED} more" if count > _NAMED else ""
