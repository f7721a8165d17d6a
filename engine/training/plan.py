"""A plan: a recipe with all its numbers, as TOML."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType, field

from engine import pack_names
from engine.answers import LESION_THRESHOLD
from engine.errors import Refusal
from engine.learning.features import Asks
from engine.training import plan_words

Whole = Annotated[int, Meta(ge=1)]
Count = Annotated[int, Meta(ge=0)]
Rate = Annotated[float, Meta(gt=0, le=1)]
Share = Annotated[float, Meta(gt=0, lt=1)]

Filed = Annotated[str, Meta(pattern=f"^{pack_names.NAME}$")]
"""A pack is filed under name and version: what cannot be is told before the training, not after."""


class Pack(Struct, frozen=True, forbid_unknown_fields=True):
    """What the pack will be called, and what its card says of its use.

    ``lesion_threshold`` is from where on its heatmaps are cut into regions, in parts of the upper
    end. Runs of before may have a ``version`` such as 1.0.0-rc1, which no new plan may
    (``check_new``).
    """

    name: Filed
    version: Filed
    title: str
    licence: str
    intended_use: str
    lesion_threshold: Share = LESION_THRESHOLD


class Data(Struct, frozen=True, forbid_unknown_fields=True):
    """Graded photographs: a CSV with columns image and dr_grade, pictures beside it.

    ``grades`` is a path relative to the plan, or to the folder given on the command line.
    ``patient`` names the column whose rows stay on one side of every split. ``held_out`` is the
    share of patients that one network is watched on, and of which its best pass ships; 0 asks for
    a cross-validation by ``folds`` instead. With a held-out part ``patient`` may be empty, then
    names of files and folders tell, and there may be no table but ``classes``: each subfolder, and
    whether its pictures are referable.
    """

    grades: str
    name: str
    licence: str
    source: str
    limits: str
    patient: str = "patient_visit"
    referable_from: Whole = 2
    folds: Annotated[int, Meta(ge=2)] = 3
    held_out: Annotated[float, Meta(ge=0, le=0.5)] = 0.0
    classes: dict[str, bool] = field(default_factory=dict)


Name = Literal["net_a", "net_b", "alexnet"]
"""Of a network in ``networks.registry`` that this recipe trains."""


class Network(Struct, frozen=True, forbid_unknown_fields=True):
    """A network of ``networks.registry``, its input's side, and the gain of its first weights.

    ``layer5_window`` is net A's alone. ``views`` is how often net A or B is asked about a picture
    once it has learnt (``views.VIEWS``): the mean is told, and what maps explain.
    """

    name: Name = "net_b"
    size: Literal[448, 224, 112] = 448
    gain: Annotated[float, Meta(gt=0)] = 1.0
    layer5_window: Literal[3, 5] | UnsetType = UNSET
    views: Literal[1, 4] = 1

    @property
    def arguments(self) -> dict[str, Any]:
        """What ``networks.registry`` builds it from."""
        made: dict[str, Any] = {"size": self.size}
        if self.layer5_window is not UNSET:
            made["layer5_window"] = self.layer5_window
        if self.views > 1:  # not told where it is one: an older program then reads the pack, too
            made["views"] = self.views
        return made


class Phantoms(Struct, frozen=True, forbid_unknown_fields=True):
    """Training on drawn eyes first: how many different ones, and how many passes over them.

    None at all unless the plan asks for them. ``look`` "clear" has lesions that a person sees at
    once, "lifelike" such as real ones are. ``grafts`` is how often each photograph without
    retinopathy gets drawn lesions, to be learnt from beside the photographs; it needs a table of
    grades, and on none that is held back lesions are drawn.

    ``teach`` "grades": whether a drawn eye is referable; "lesions": where which kinds lie, to the
    lower layers alone (``training.cells``).
    """

    eyes: Count = 0
    passes: Count = 0
    look: Literal["clear", "lifelike"] = "clear"
    grafts: Count = 0
    teach: Literal["grades", "lesions"] = "grades"


class Optimisation(Struct, frozen=True, forbid_unknown_fields=True):
    """Q3's numbers. The defaults are the paper's, but for the passes, which a plan must name.

    ``schedule`` "plateau" divides the rate by ten where A_z stops rising (Q3); "cosine" lets it
    fall to a hundredth over the passes. decided: the paper's 350,000 mini-batches are out of
    reach of a small plan, and a schedule that is known ahead needs nobody to watch A_z, so that
    the out-of-fold figures are not chosen on the pictures they are measured on.

    ``precision`` is of a graphics card's products; a processor's are float32 always.
    ``deterministic`` lets a card take the slower routes that give the same weights again.

    ``keep_every`` is after how many batches each a checkpoint is kept for good, all with which a
    run can go on; 0 keeps none but the newest and the best.

    ``normalise`` lets a network learn with batch normalisation, which its filters and biases take
    up when it has learnt (``networks.normed``).
    """

    passes: Whole
    batch: Whole = 36
    learning_rate: Rate = 1e-4
    weight_decay: Annotated[float, Meta(ge=0)] = 0.001
    schedule: Literal["plateau", "cosine"] = "plateau"
    balance: bool = False
    precision: Literal["float32", "tf32", "bfloat16"] = "float32"
    deterministic: bool = False
    keep_every: Count = 0
    normalise: bool = False


class SparsityTerm(Struct, frozen=True, forbid_unknown_fields=True):
    """The weight ν of the sparsity term, none unless the plan asks for it, and Q5's choices.

    The names are those of ``training.sparsity``. The term has ``passes`` of its own, at a rate of
    ``learning_rate``, behind those that learnt without it; 0: all passes have it. decided: a
    network that knows nothing yet is only flattened by it, and so both can be compared.
    """

    nu: Annotated[float, Meta(ge=0)] = 0.0
    route: Literal["fused", "fused_exact", "double_backward", "three_pass"] = "fused"
    target: Literal["loss", "prediction"] = "loss"
    criterion: Literal["pi", "omega"] = "pi"
    passes: Count = 0
    learning_rate: Rate = 5e-5


class Operation(Struct, frozen=True, forbid_unknown_fields=True):
    """The sensitivity that the operating point is chosen to reach out of fold."""

    sensitivity: Share = 0.9


class LesionMasks(Struct, frozen=True, forbid_unknown_fields=True):
    """Photographs with marked lesions that the folds' maps are measured on; never learnt from.

    ``folder`` is a path as ``data.grades`` is, empty for none; ``table`` is a CSV in it with the
    column image and that of ``data.patient``: a patient that a fold learnt from is told by others.
    """

    folder: str = ""
    table: str = ""

    @property
    def fault(self) -> str:
        """Why they cannot be asked for so; empty if they can."""
        return "masks needs both folder and table" if bool(self.folder) != bool(self.table) else ""


class Ensemble(Struct, frozen=True, forbid_unknown_fields=True):
    """Checkpoints of the run, joined by random forests (METHODS Q8).

    ``checkpoints`` is how many, spread evenly over those that were kept, the last among them; or
    the batches after which the first fold's were kept. ``stack_on`` "train" is the paper's way.
    ``context`` is a CSV of what is known of each patient, a path as ``data.grades`` is. ``scale``
    "quantile" divides each checkpoint's maps by their 99.5 % quantile before they are blended.
    Of ``trees`` and ``depths``, 0 being no limit, the best are chosen.
    """

    checkpoints: Annotated[int, Meta(ge=2)] | Annotated[tuple[Whole, ...], Meta(min_length=2)] = 6
    forests: Annotated[tuple[Asks, ...], Meta(min_length=1)] = (Asks.EYE, Asks.PAIR)
    stack_on: Literal["validation", "train"] = "validation"
    trees: Annotated[tuple[Whole, ...], Meta(min_length=1)] = (100, 200, 300, 400, 500)
    depths: Annotated[tuple[Count, ...], Meta(min_length=1)] = (5, 10, 15, 20, 25, 0)
    context: str = ""
    scale: Literal["raw", "quantile"] = "raw"


class Plan(Struct, frozen=True, forbid_unknown_fields=True):
    """A recipe with all its numbers."""

    recipe: Literal["retinopathy"]
    pack: Pack
    data: Data
    optimisation: Optimisation
    network: Network = field(default_factory=Network)
    phantoms: Phantoms = field(default_factory=Phantoms)
    sparsity: SparsityTerm = field(default_factory=SparsityTerm)
    operation: Operation = field(default_factory=Operation)
    masks: LesionMasks = field(default_factory=LesionMasks)
    ensemble: Ensemble | UnsetType = UNSET
    seed: int = 1


def parse(text: str, name: str) -> Plan:
    """Read a plan; ``name`` is what a refusal calls it. Raises ``Refusal``."""
    return parsed(text, name, Plan, _fault)


KEYS = "docs/training.md"
_AnyPlan = TypeVar("_AnyPlan", bound=Struct)


def parsed(
    text: str,
    name: str,
    kind: type[_AnyPlan],
    fault: Callable[[_AnyPlan], str],
    keys: str = KEYS,
) -> _AnyPlan:
    """A plan of some recipe. Raises ``Refusal``.

    ``fault`` tells what no single key shows, empty if nothing is wrong; ``keys`` is where the keys
    are listed.
    """
    try:
        plan = msgspec.toml.decode(text, type=kind)
        if found := fault(plan):
            raise msgspec.ValidationError(found)
        return plan
    except msgspec.DecodeError as error:
        raise _not_in_order(name, plan_words.fault(error, kind), keys) from error


def check_new(pack: Pack, name: str) -> None:
    """Raise ``Refusal`` where the plan ``name`` is to make a pack of a version that none can have.

    What was begun with it before is carried out all the same.
    """
    if not pack_names.is_version(pack.version):
        raise _not_in_order(name, f"in pack.version, {pack_names.MEANT['version']}")


def _not_in_order(name: str, why: str, keys: str = KEYS) -> Refusal:
    return Refusal(
        f"The plan {name} cannot be carried out.",
        f"It is not in order: {why}.",
        f"Mend that line; {keys} lists what a plan may hold.",
    )


class _Recipe(Struct):
    recipe: str = ""


def recipe_of(text: str) -> str:
    """The recipe that a plan names; "" where it names none or is no plan."""
    try:
        return msgspec.toml.decode(text, type=_Recipe).recipe
    except msgspec.DecodeError:
        return ""


def _fault(plan: Plan) -> str:
    """What no single key shows."""
    faults = (
        _data_fault(plan),
        _network_fault(plan.network),
        _phantoms_fault(plan),
        _sparsity_fault(plan),
        plan.masks.fault,
        _ensemble_fault(plan),
    )
    return next(filter(None, faults), "")


def _data_fault(plan: Plan) -> str:
    if plan.data.classes and not plan.data.held_out:
        return "data.classes needs data.held_out"
    if bool(plan.data.classes) == bool(plan.data.grades):
        return "name either data.grades or data.classes"
    if plan.masks.folder and plan.data.held_out:
        return "masks needs data.folds, not data.held_out"
    if plan.optimisation.normalise and (plan.data.held_out or plan.ensemble is not UNSET):
        return "optimisation.normalise is for data.folds without an ensemble"
    return ""


def _network_fault(network: Network) -> str:
    if network.name == "alexnet" and network.size != 448:
        return "alexnet reads 448 pixels alone"
    if network.layer5_window is not UNSET and network.name != "net_a":
        return "network.layer5_window is for net_a"
    if network.views > 1 and network.name == "alexnet":
        return "network.views is for net_a and net_b"
    return ""


def _phantoms_fault(plan: Plan) -> str:
    drawn = plan.phantoms
    if drawn.grafts and plan.data.held_out:
        return "phantoms.grafts needs data.folds, not data.held_out"
    if bool(drawn.eyes) != bool(drawn.passes):
        return "phantoms needs both eyes and passes"
    if drawn.teach == "grades":
        if drawn.eyes and plan.optimisation.normalise:
            return "with optimisation.normalise drawn eyes teach “lesions”"
        return ""
    if not drawn.eyes or drawn.look != "lifelike":
        return "phantoms.teach says “lesions”, which takes eyes that look lifelike"
    if plan.network.name == "alexnet" or not plan.optimisation.normalise:
        return "phantoms.teach says “lesions”, which takes net_a or net_b, and normalise"
    return ""


def _sparsity_fault(plan: Plan) -> str:
    term = plan.sparsity
    if term.nu and plan.optimisation.precision == "bfloat16":
        # The gradient of the whole loss would be off by 2 % (METHODS Q5.6).
        return "bfloat16 is not precise enough for the sparsity term"
    if term.passes and not term.nu:
        return "sparsity.passes needs sparsity.nu"
    if term.passes and (plan.data.held_out or plan.ensemble is not UNSET):
        return "sparsity.passes is for data.folds without an ensemble"
    if not term.passes and term.learning_rate != SparsityTerm().learning_rate:
        return "sparsity.learning_rate needs sparsity.passes"
    if plan.optimisation.normalise and term.nu and not term.passes:
        return "with optimisation.normalise the sparsity term needs passes of its own"
    return ""


def _ensemble_fault(plan: Plan) -> str:
    if plan.ensemble is UNSET:
        return ""
    if plan.data.held_out:
        return "an ensemble needs data.folds, not data.held_out"
    if len(set(plan.ensemble.forests)) < len(plan.ensemble.forests):
        return "ensemble.forests names one twice"
    if plan.ensemble.context and Asks.EXAMINATION not in plan.ensemble.forests:
        return "ensemble.context is for the forest of examinations"
    return ""


def trained_otherwise(one: Plan, other: Plan) -> str:
    """The first part of two plans by which they would train other networks; "" if there is none."""
    for name in ("recipe", "seed", "data", "network", "phantoms", "optimisation", "sparsity"):
        first, second = getattr(one, name), getattr(other, name)
        if name == "optimisation":
            second = msgspec.structs.replace(second, keep_every=first.keep_every)
        if first != second:
            return name
    return ""


def write(plan: Struct) -> str:
    """A plan as the text that ``parse`` reads."""
    import tomli_w

    return tomli_w.dumps(msgspec.to_builtins(plan))


def read(path: Path) -> tuple[Plan, str]:
    """The plan and its text. Raises ``Refusal``."""
    text = read_text(path)
    return parse(text, path.name), text


def read_text(path: Path) -> str:
    """A plan as it is written, of whichever recipe. Raises ``Refusal``."""
    try:
        return path.read_text(encoding="utf-8-sig")  # editors on Windows set a mark before it
    except UnicodeDecodeError as error:
        raise Refusal(
            f"The plan {path.name} cannot be read.",
            "It is no text in UTF-8.",
            "Save it anew as UTF-8.",
        ) from error
    except OSError as error:
        raise Refusal(
            f"The plan {path.name} cannot be read.",
            "There is no such text file.",
            "Name a plan: a TOML file.",
        ) from error
