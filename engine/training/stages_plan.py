"""The plan of a pack that tells stages, with all its numbers, as TOML."""

from typing import Annotated, Literal

from msgspec import Meta, Struct, field

from engine.training.plan import Count, Operation, Pack, Whole, parsed

STAGES = "stages"
"""The recipe's name."""

ON_LESIONS = "lesions_512"
"""The backbone that comes out of a pack which draws lesions."""

Weight = Annotated[float, Meta(ge=0)]


class Data(Struct, frozen=True, forbid_unknown_fields=True):
    """Staged pictures: a CSV with the column image, pictures beside it.

    ``grades`` is a path relative to the plan, or to the folder given on the command line.
    ``column`` holds the labels; "" takes stage, dr_grade or grade. ``patient`` names the column
    whose rows stay on one side of every split; "" counts each picture as a patient. ``experiment``
    is Markdown for the card: what a comparison over many splits found on these pictures.
    """

    grades: str
    name: str
    licence: str
    source: str
    limits: str
    experiment: str = ""
    column: str = ""
    patient: str = "patient_visit"
    folds: Annotated[int, Meta(ge=2)] = 3


class Stages(Struct, frozen=True, forbid_unknown_fields=True):
    """The scale, its stages' names, and the labels that each of them puts together.

    ``order`` names the labels from the first stage to the last, as "0, 1+2, 3, 4"; a stage lies on
    the scale's own grades where its labels do in the mean. From the stage called
    ``positive_from`` on an eye is positive, and ``positive`` says what it then has.
    """

    scale: str
    order: str
    names: Annotated[tuple[str, ...], Meta(min_length=2)]
    positive_from: str
    positive: str

    @property
    def labels(self) -> tuple[tuple[str, ...], ...]:
        """The labels of each stage."""
        return tuple(tuple(map(str.strip, group.split("+"))) for group in self.order.split(","))

    @property
    def grades(self) -> tuple[float, ...]:
        """Where each stage lies on the scale's own grades, or its place where labels are words."""
        if any(not label.isdecimal() for group in self.labels for label in group):
            return tuple(float(place) for place in range(len(self.labels)))
        return tuple(sum(map(int, group)) / len(group) for group in self.labels)

    @property
    def first_positive(self) -> int:
        """The place of the first stage that is positive."""
        return self.names.index(self.positive_from)


class Network(Struct, frozen=True, forbid_unknown_fields=True):
    """A vision network of ``networks.backbones``, the LSTM's gates, and what does not learn.

    ``weights`` is a file of backbone weights to begin with, a path as ``data.grades`` is; for
    "lesions_512" it is a pack that draws lesions, or one of stages on such networks, by path or
    name, made from the same table, whose folds are taken. ``views`` is how often a picture is
    asked about once it has learnt (``stage_network.VIEWS``); the mean is told.
    """

    backbone: Literal[
        "small_224",
        "small_112",
        "net_b_224",
        "net_b_448",
        "inception_v3",
        "resnet50",
        "lesions_512",
    ] = "small_224"
    gates: Literal["hard", "sigmoid"] = "hard"
    freeze: Literal["none", "paper", "all"] = "none"
    weights: str = ""
    views: Literal[1, 4] = 1


class Phantoms(Struct, frozen=True, forbid_unknown_fields=True):
    """Drawn eyes first, told one by one in their own five severities; the backbone alone goes on.

    Decided: what is shown there has no order, so that the network and its baseline begin with the
    same weights; and severities are drawn truth whatever the plan's stages, so that plans on one
    backbone may begin with the same weights, too.
    """

    eyes: Count = 0
    passes: Count = 0


class Sequences(Struct, frozen=True, forbid_unknown_fields=True):
    """How stages follow each other, and what a sequence costs (METHODS L1).

    ``alpha`` weighs the LSTM's terms, ``beta`` the vision head's: one for each step or stage, or
    none, which is ones.
    """

    order: Literal[
        "cyclic", "nonregression", "nonregression_balanced", "reverse", "shuffled", "iid"
    ] = "cyclic"
    reduction: Literal["sum", "mean"] = "sum"
    weight_by: Literal["step", "stage"] = "step"
    alpha: tuple[Weight, ...] = ()
    beta: tuple[Weight, ...] = ()


class Augmentation(Struct, frozen=True, forbid_unknown_fields=True):
    """How each picture is changed at each step, as ``preparation.augmentation`` says it.

    Decided: all round, mirrored and in contrast, where the paper turned by 5 degrees at most: a
    few hundred photographs are learnt by heart otherwise.
    """

    rotation: Annotated[float, Meta(ge=0, le=360)] = 360.0
    translation: Annotated[float, Meta(ge=0)] = 10.0
    scale: tuple[Annotated[float, Meta(gt=0)], Annotated[float, Meta(gt=0)]] = (0.85, 1.15)
    flip: Annotated[float, Meta(ge=0, le=1)] = 0.5
    contrast: Annotated[float, Meta(ge=1)] = 1 / 0.6


class Schedule(Struct, frozen=True, forbid_unknown_fields=True):
    """A schedule known ahead: ``passes`` of ``steps`` each, and the last step's weights are kept.

    ``method`` "sgd" is the paper's, with Nesterov's momentum of 0.9. The rate falls by "cosine"
    to a hundredth, or by "decay" as the paper's does, to 1 / (1 + 1e-6 steps).
    ``precision`` "bfloat16" reduces products on a processor, too.
    """

    passes: Whole
    steps: Whole = 25
    sequences: Whole = 16
    method: Literal["adam", "sgd"] = "adam"
    learning_rate: Annotated[float, Meta(gt=0, le=1)] = 1e-3
    falling: Literal["cosine", "decay"] = "cosine"
    weight_decay: Annotated[float, Meta(ge=0)] = 0.0
    precision: Literal["float32", "bfloat16"] = "float32"


class StagesPlan(Struct, frozen=True, forbid_unknown_fields=True):
    """The recipe "stages" with all its numbers."""

    recipe: Literal["stages"]
    pack: Pack
    data: Data
    stages: Stages
    schedule: Schedule
    network: Network = field(default_factory=Network)
    phantoms: Phantoms = field(default_factory=Phantoms)
    sequences: Sequences = field(default_factory=Sequences)
    augmentation: Augmentation = field(default_factory=Augmentation)
    operation: Operation = field(default_factory=Operation)
    seed: int = 1


def parse(text: str, name: str) -> StagesPlan:
    """Read a plan; ``name`` is what a refusal calls it. Raises ``Refusal``."""
    return parsed(text, name, StagesPlan, _fault, "docs/stages.md")


def _fault(plan: StagesPlan) -> str:
    """What no single key shows."""
    stages, sequences = plan.stages, plan.sequences
    count, labels = len(stages.names), [label for group in stages.labels for label in group]
    low, high = plan.augmentation.scale
    if len(stages.labels) != count:
        return f"stages.names has {count} and stages.order {len(stages.labels)}"
    if len(set(stages.names)) < count or not all(map(str.strip, stages.names)):
        return "stages.names names one twice, or none"
    if len(set(labels)) < len(labels) or not all(labels):
        return "stages.order names a label twice, or none"
    if list(stages.grades) != sorted(stages.grades):
        return "stages.order does not go from the lowest grade to the highest"
    if stages.positive_from not in stages.names[1:]:
        return "stages.positive_from is none of stages.names behind the first"
    for name, weights in (("alpha", sequences.alpha), ("beta", sequences.beta)):
        if len(weights) not in (0, count):
            return f"sequences.{name} has {len(weights)} weights, and there are {count} stages"
        if weights and not any(weights):
            return f"sequences.{name} would leave a head untaught, and the pack answers with both"
    if bool(plan.phantoms.eyes) != bool(plan.phantoms.passes):
        return "phantoms needs both eyes and passes"
    if plan.network.backbone == ON_LESIONS and (plan.phantoms.eyes or not plan.network.weights):
        return "lesions_512 begins with a pack that draws lesions, and with no phantoms"
    if plan.network.freeze == "all" and not (plan.phantoms.eyes or plan.network.weights):
        return "network.freeze would keep weights that nothing has taught"
    if low > high:
        return "augmentation.scale goes from the smaller to the larger"
    return ""
