"""What was found at lesion level, as JSON, as words, and as a report."""

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from engine import own_mark
from engine.answers import Criterion
from engine.cohort import pages
from engine.cohort.heatmaps import About
from engine.cohort.lesions import Judged, LesionFigures, counts, write_detections
from engine.evaluation import froc
from engine.evaluation.froc import DRAWS, LEVEL, MU, LimitedArea
from engine.evaluation.image_level import ImageLevel
from engine.evaluation.lesion_level import Detector, Protocol, Variant
from engine.evaluation.lesion_truth import EVALUATED
from engine.evaluation.verdict import OtherLesions
from engine.reports import annotated, curves
from engine.telling import words

_HIGHEST = (0.05, 0.1, 0.25, 0.5, 1.0)  # where a drawing's sensitivity may end
_OTHERS = (
    "A detection on a lesion of another type is neither hit nor false; with “others false” it is a "
    "false positive."
)
_MERGED = "Merged: lesions of one type nearer than that part of the field's width are one lesion."

_CHOSEN_HERE = (
    "image_level has sensitivity and specificity at the threshold that lies nearest to the corner "
    "of the curve, chosen on these same photographs: they flatter, and have no interval."
)


def as_json(
    judged: Judged, found: LesionFigures, protocol: Protocol, about: About
) -> dict[str, Any]:
    """The figures; ``areas`` and ``mean_area`` at the top are those of the primary variant."""
    criteria = tuple(judged.seen)
    left_out = len(judged.left_out)
    variants = [_variant_json(found, variant, criteria) for variant in protocol.variants]
    primary = protocol.variants[0]
    lesions = {str(kind): count for kind, count in counts(judged.marked).items()}
    return {
        "pack": None if about.pack is None else asdict(about.pack.reference),
        "device": about.device or None,
        "grid": about.grid,
        "criterion": criteria[0],
        "pictures": len(judged.marked),
        "lesions": lesions,
        "other_lesions": str(primary.others),
        "areas": variants[0]["areas"],
        "mean_area": variants[0]["mean_area"],
        "level": LEVEL,
        "variants": variants,
        "image_level": {
            name: {group: _image_json(each) for group, each in groups.items()}
            for name, groups in found.images.items()
        },
        "left_out": [{"path": str(each.path), "reason": each.reason} for each in judged.left_out],
        "warnings": [
            *([f"Left out: {left_out} of the files."] if left_out else []),
            *_annotated(judged),
        ],
        "notes": [*_few(judged), _CHOSEN_HERE, *about.notes],
    }


def in_words(judged: Judged, found: LesionFigures, protocol: Protocol, about: About) -> str:
    """The primary figures as a table for a terminal, the other ways to count in a line each."""
    primary = protocol.variants[0]
    criteria = tuple(judged.seen)
    rows = [
        (str(kind), [found.areas[primary][name].areas.get(kind) for name in criteria])
        for kind in EVALUATED
    ]
    rows += [
        (_mean_words(variant), [found.areas[variant][name].mean for name in criteria])
        for variant in protocol.variants
    ]
    width = 2 + max(len(label) for label, _ in rows)
    lines = [_counted(judged), *_annotated(judged), _asked(protocol)]
    table = [
        ("", list(map(_sign, criteria))),
        *((each, list(map(_figure, of))) for each, of in rows),
    ]
    wide = 2 + max(24, *(len(cell) for _, cells in table for cell in cells))
    for label, cells in table:
        lines.append(f"{label:<{width}}{''.join(f'{cell:<{wide}}' for cell in cells)}".rstrip())
    lines += difference_words(found, primary, criteria)
    lines += [_OTHERS, _MERGED] if protocol.merge else [_OTHERS]
    left_out = [f"Left out: {each.path.name}: {each.reason}" for each in judged.left_out]
    return "\n".join([*lines, *_few(judged), *_whose(about), *left_out])


def write(
    path: Path,
    judged: Judged,
    found: LesionFigures,
    protocol: Protocol,
    about: About,
) -> Path:
    """Write report.md, a picture of the curves of each type, and detections.csv into a folder.

    Raises ``Refusal`` if the folder cannot be written.
    """
    folder = pages.folder(path)
    criteria = tuple(judged.seen)
    counted = (_counted(judged), *_annotated(judged))
    drawn = draw(folder, judged, found)
    write_detections(folder / "detections.csv", judged)
    parts = [
        pages.bullets(
            [*counted, _asked(protocol), _OTHERS, _MERGED, *_few(judged), *_whose(about)]
        ),
        *(_variant_part(found, variant, criteria) for variant in protocol.variants),
        "\n".join(["## Curves", "", *(f"![{name}]({name})" for name in drawn)]),
        _image_part(found, criteria),
    ]
    if judged.left_out:
        reasons = [f"{each.path.name}: {each.reason}" for each in judged.left_out]
        parts.append(f"## Left out\n\n{pages.bullets(reasons)}")
    return pages.write(folder, "Heatmaps against marked lesions", parts)


def _variant_json(
    found: LesionFigures, variant: Variant, criteria: Sequence[str]
) -> dict[str, Any]:
    of = found.areas[variant]
    mean = of[criteria[0]].mean
    return {
        "other_lesions": str(variant.others),
        "merge": variant.merge,
        "areas": {
            str(kind): {name: _value(of[name].areas.get(kind)) for name in criteria}
            for kind in EVALUATED
        },
        "intervals": {
            str(kind): {name: _ends(of[name].areas.get(kind)) for name in criteria}
            for kind in EVALUATED
        },
        "mean_area": _value(mean),
        "mean_interval": _ends(mean),
        "means": {name: _value(of[name].mean) for name in criteria},
        "mean_intervals": {name: _ends(of[name].mean) for name in criteria},
        "differences": {
            name: {
                label: {"value": less.value, "interval": [less.interval.low, less.interval.high]}
                for label, less in differences(found, variant, name, criteria[0]).items()
            }
            for name in criteria[1:]
        },
    }


def _value(area: LimitedArea | None) -> float | None:
    return None if area is None else area.value


def _ends(area: LimitedArea | None) -> list[float | None] | None:
    return None if area is None else pages.ends(area.interval)


def _image_json(found: ImageLevel | None) -> dict[str, Any] | None:
    if found is None:
        return None
    area = found.area
    return {
        "auc": area.value,
        "interval": [area.interval.low, area.interval.high],
        "positives": area.positives,
        "negatives": area.negatives,
        "sensitivity": found.sensitivity,
        "specificity": found.specificity,
        "threshold": found.threshold,
    }


def _figure(area: LimitedArea | None) -> str:
    return "none marked" if area is None else pages.figure(area.value, area.interval)


def _sign(name: str) -> str:
    """A criterion's letter; what is no criterion, files or a network's own, is called its name."""
    if name == Criterion.RELEVANCE:
        return "LRP"
    return words.criterion_sign(Criterion(name)) if name in set(Criterion) else name


def differences(
    found: LesionFigures, variant: Variant, name: str, chief: str
) -> dict[str, LimitedArea]:
    """Areas by one criterion minus those by another, of the same draws; by type, and their mean."""
    of = found.areas[variant]
    first, second = of[name], of[chief]
    less = {
        str(kind): froc.difference(area, second.areas[kind]) for kind, area in first.areas.items()
    }
    if first.mean is not None and second.mean is not None:
        less["mean"] = froc.difference(first.mean, second.mean)
    return less


def difference_words(found: LesionFigures, variant: Variant, criteria: Sequence[str]) -> list[str]:
    """Each criterion minus the first, on the mean of the types, in sentences."""
    chief = criteria[0]
    said = []
    for name in criteria[1:]:
        less = differences(found, variant, name, chief).get("mean")
        if less is not None:
            low, high = less.interval.low, less.interval.high
            said.append(
                f"{_sign(name)} minus {_sign(chief)}, mean{_of(variant)}: {less.value:+.3f} "
                f"({low:+.3f} to {high:+.3f}), paired."
            )
    return said


def _of(variant: Variant) -> str:
    return "".join(f", {each}" for each in _variant_words(variant))


def _counted(judged: Judged) -> str:
    lesions = ", ".join(f"{count} {kind}" for kind, count in counts(judged.marked).items())
    return f"{len(judged.marked)} photographs with {lesions}."


def _asked(protocol: Protocol) -> str:
    detector = {Detector.PEAKS: "peaks of the map", Detector.COMPONENTS: "parts above a threshold"}
    return (
        f"Area under FROC up to {MU:g} false positives a picture, {words.percent(LEVEL)} intervals "
        f"of {DRAWS} draws of photographs; detections are {detector[protocol.detector]}."
    )


def _annotated(judged: Judged) -> tuple[str, ...]:
    return own_mark.left_out(sum(each.reason == own_mark.WHY for each in judged.left_out))


def _few(judged: Judged) -> list[str]:
    return pages.few(len(judged.marked), "photographs")


def _whose(about: About) -> list[str]:
    pack = [] if about.pack is None else [pages.pack_line(about.pack, about.device)]
    return [*pack, *about.notes]


def _variant_words(variant: Variant) -> list[str]:
    others = ["others false"] if variant.others is OtherLesions.COUNT else []
    return [*others, f"merged {variant.merge:g} %"] if variant.merge else others


def _mean_words(variant: Variant) -> str:
    return ", ".join(["mean", *_variant_words(variant)])


def _variant_part(found: LesionFigures, variant: Variant, criteria: Sequence[str]) -> str:
    of = found.areas[variant]
    rows = [
        [str(kind), *(_figure(of[name].areas.get(kind)) for name in criteria)] for kind in EVALUATED
    ]
    rows.append(["**mean**", *(_figure(of[name].mean) for name in criteria)])
    title = ", ".join(["Area under FROC", *_variant_words(variant)])
    head = ["", *(_sign(name) for name in criteria)]
    less = pages.bullets(difference_words(found, variant, criteria))
    return f"## {title}\n\n{pages.table(head, rows)}\n\n{less}".rstrip()


def _image_part(found: LesionFigures, criteria: Sequence[str]) -> str:
    groups = list(found.images[criteria[0]])
    rows = []
    for group in groups:
        cells = []
        for name in criteria:
            each = found.images[name][group]
            cells.append(pages.figure(each.area.value, each.area.interval) if each else "-")
        rows.append([group, *cells])
    note = "A_z of the map's maximum for photographs with against those without; - where fewer "
    note += "than two have, or have not."
    head = ["", *(_sign(name) for name in criteria)]
    return f"## Photographs that contain a type\n\n{note}\n\n{pages.table(head, rows)}"


def draw(
    folder: Path,
    judged: Judged,
    found: LesionFigures,
    criteria: Sequence[str] = (),
    prefix: str = "froc",
) -> list[str]:
    """One picture of FROC curves for each type that occurs, of these criteria or all; the files."""
    primary = next(iter(found.areas))
    shown = {name: of for name, of in found.curves.items() if name in (criteria or found.curves)}
    highest = max(
        (
            float(curve.sensitivity[curve.false_positives <= MU].max())
            for of_types in shown.values()
            for curve in of_types.values()
        ),
        default=1.0,
    )
    y_end = next((each for each in _HIGHEST if each >= highest), 1.0)
    names: list[str] = []
    for kind, count in counts(judged.marked).items():
        lines = [
            curves.Line(
                f"{_sign(name)}: {found.areas[primary][name].areas[kind].value:.3f}",
                of_types[kind].false_positives,
                of_types[kind].sensitivity,
            )
            for name, of_types in shown.items()
            if kind in of_types
        ]
        if not lines:
            continue
        title = f"{kind[0].upper()}{kind[1:]}: {count} in {len(judged.marked)} photographs"
        picture = curves.draw(lines, title, "false positives a picture", "sensitivity", MU, y_end)
        names.append(f"{prefix}-{kind.replace(' ', '-')}.png")
        annotated.save(folder / names[-1], picture)
    return names
