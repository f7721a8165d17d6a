"""Tables 2 to 4: each cell with what is printed, what was found, and from what, or why not."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from engine.answers import Interval
from engine.evaluation import roc
from engine.evaluation.froc import LimitedArea
from engine.evaluation.lesion_truth import EVALUATED, LesionType
from engine.reproduction import printed
from engine.reproduction.printed import TITLES
from engine.reproduction.recipe import NETWORKS, NUS

E_OPHTHA = (
    "e-ophtha's 107,799 photographs are not public with these grades, so nothing is computed here."
)
OMEGA, PI, SPARSE, RELEVANCE = "omega", "pi", "sparse", "relevance"
ROWS = {OMEGA: "ω", PI: "π", SPARSE: "π, sparsity-enhanced", RELEVANCE: "relevance α 2, β 1"}


@dataclass(frozen=True)
class Cell:
    """One figure: ``value`` is None where there is none, ``source`` says from what or why."""

    printed: float | None
    value: float | None
    interval: Interval | None
    source: str


@dataclass(frozen=True)
class Table:
    """A table of the paper; ``cells`` are rows of columns."""

    title: str
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    cells: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True, eq=False)
class Findings:
    """What was found, and why the rest was not.

    ``validation`` is A_z of photographs held back, by network and ν; ``lesions`` the areas by
    criterion, network and ν, then by type, None for their mean; ``ensembles`` and ``singles`` A_z
    by network. ``no_grades`` and ``no_lesions`` say why a whole part is missing, empty where it is
    not; ``graded``, ``tested`` and ``marked`` what figures come from.
    """

    networks: tuple[str, ...]
    nus: tuple[float, ...]
    sparse: float
    validation: Mapping[tuple[str, float], roc.Area]
    lesions: Mapping[tuple[str, str, float], Mapping[LesionType | None, LimitedArea]]
    singles: Mapping[str, roc.Area]
    ensembles: Mapping[str, roc.Area]
    graded: str
    tested: str
    marked: str
    no_grades: str
    no_lesions: str
    no_ensemble: str


def table_2(found: Findings) -> Table:
    """How ν acts on the whole answer and on its heatmaps; the paper's is net B's."""
    name = "net_b" if "net_b" in found.networks else found.networks[0]
    nus = tuple(dict.fromkeys((*NUS, *found.nus)))
    rows = []
    for nu in nus:
        az, area = printed.TABLE_2.get(nu, (None, None))
        if name != "net_b":
            az = area = None
        untrained = "" if nu in found.nus else found.no_grades or _no_nu(nu)
        whole = _roc(az, found.validation.get((name, nu)), found.graded, found.no_grades)
        mean = _lesion(area, found, (PI, name, nu), None)
        if untrained:
            whole, mean = (Cell(each.printed, None, None, untrained) for each in (whole, mean))
        rows.append((whole, mean))
    return Table(
        f"Table 2: the weight ν, {TITLES[name]}",
        tuple(f"ν {nu:g}" for nu in nus),
        ("A_z, photographs held back", "lesion level, π, mean of the types"),
        tuple(rows),
    )


def table_3(found: Findings) -> Table:
    """Criteria and networks at lesion level."""
    rows: list[str] = []
    cells: list[tuple[Cell, ...]] = []
    for criterion, sign in ROWS.items():
        for name in NETWORKS:
            of_types = printed.TABLE_3[criterion, name]
            nu = found.sparse if criterion == SPARSE else 0.0
            key = (PI if criterion == SPARSE else criterion, name, nu)
            mean = sum(of_types.values()) / len(of_types)
            rows.append(f"{sign}, {TITLES[name]}")
            of_row = [_lesion(of_types[kind], found, key, kind) for kind in EVALUATED]
            cells.append((*of_row, _lesion(round(mean, 3), found, key, None)))
    columns = (*(str(kind) for kind in EVALUATED), "mean")
    title = f"Table 3: area under FROC, ν {found.sparse:g} where sparsity-enhanced"
    return Table(title, tuple(rows), columns, tuple(cells))


def table_4(found: Findings) -> Table:
    """Referable retinopathy without and with an ensemble."""
    rows: list[str] = []
    cells: list[tuple[Cell, ...]] = []
    for (together, name), (kaggle, e_ophtha) in printed.TABLE_4.items():
        rows.append(f"{'ensemble' if together else 'one network'}, {TITLES[name]}")
        area = (found.ensembles if together else found.singles).get(name)
        missing = found.no_grades or (found.no_ensemble if together else "")
        if not missing and name != "all three" and name not in found.networks:
            missing = _not_trained(name)
        elif not missing and name == "all three":
            missing = f"It takes all three networks; {len(found.networks)} were trained."
        cells.append(
            (_roc(kaggle, area, found.tested, missing), Cell(e_ophtha, None, None, E_OPHTHA))
        )
    columns = ("Kaggle-test in the paper", "e-ophtha-test")
    return Table("Table 4: A_z of referable retinopathy", tuple(rows), columns, tuple(cells))


def _roc(shown: float | None, area: roc.Area | None, source: str, missing: str) -> Cell:
    if area is None:
        return Cell(shown, None, None, missing or "It was not computed.")
    counted = f"{source} {area.positives} referable, {area.negatives} not."
    return Cell(shown, area.value, area.interval, counted)


def _lesion(
    shown: float | None, found: Findings, key: tuple[str, str, float], kind: LesionType | None
) -> Cell:
    _, name, nu = key
    areas = found.lesions.get(key)
    if areas is None:
        missing = _no_nu(nu) if name in found.networks else _not_trained(name)
        why = found.no_lesions or found.no_grades or missing
        return Cell(shown, None, None, why)
    area = areas.get(kind)
    if area is None:
        return Cell(shown, None, None, f"There are no {kind or 'lesions'} in these photographs.")
    return Cell(shown, area.value, area.interval, found.marked)


def _no_nu(nu: float) -> str:
    return f"No network was trained with ν {nu:g}."


def _not_trained(name: str) -> str:
    return f"{TITLES[name]} was not trained: add --network {name}."


def sources(tables: Sequence[Table]) -> dict[str, str]:
    """A letter for each sentence that stands behind a cell."""
    said = dict.fromkeys(cell.source for table in tables for row in table.cells for cell in row)
    return {source: _letter(number) for number, source in enumerate(said)}


def _letter(number: int) -> str:
    first, second = divmod(number, 26)
    return (chr(96 + first) if first else "") + chr(97 + second)
