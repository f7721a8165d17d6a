"""The exact words in which numbers and decisions are told to a reader (LOOK 12)."""

from collections.abc import Sequence
from datetime import date

from engine.answers import (
    Criterion,
    Decision,
    Interval,
    PackReference,
    PackSummary,
    RetinopathyAnswer,
)
from engine.pictures import FrameAxis, Laterality, VolumeFacts

STRIP = "Research use only. Not a medical device."
"""Stands in every window, export and print, and cannot be hidden."""

REFUSED = "The model refused this picture. No probability and no heatmap were made."

_NAMED = 5  # of many names, or sentences

THIN = "\N{NARROW NO-BREAK SPACE}"
MINUS = "\N{MINUS SIGN}"

SIGNED_ENDS = (f"{MINUS}1.00 against", "0", "for 1.00")
"""A signed legend's left end, middle and right end."""

_FRAMES = {
    FrameAxis.NONE: "frames",
    FrameAxis.TIME: "time points",
    FrameAxis.B_VALUE: "b-values",
    FrameAxis.ECHO: "echoes",
    FrameAxis.COMPONENT: "components",
    FrameAxis.PHASE: "phases",
    FrameAxis.IMAGE: "images",
}

_DECISIONS = {
    Decision.REFERABLE: "Referable",
    Decision.NOT_REFERABLE: "Not referable",
    Decision.UNGRADABLE: "Ungradable: retake or refer",
}

EYES = {Laterality.RIGHT: "OD  right eye", Laterality.LEFT: "OS  left eye"}

_CRITERIA = {
    Criterion.PI: "π",
    Criterion.OMEGA: "ω",
    Criterion.RELEVANCE: "α 2, β 1",
    Criterion.PI_PHOTOGRAPH: "π of the photograph",
    Criterion.LESIONS: "lesions",
}

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

_SUPERSCRIPT = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def percent(probability: float) -> str:
    """A probability as whole per cent: "78 %", "under 1 %", "over 99 %"."""
    return f"{_figure(probability)}{THIN}%"


def interval_words(interval: Interval) -> str:
    """An interval's two ends: "66 to 87 %"."""
    low, high = _figure(interval.low), _figure(interval.high)
    if low == high:
        # Both ends read the same; "78 to 78 %" would look like a mistake.
        return f"{low}{THIN}% throughout"
    return f"{low} to {high}{THIN}%"


def probability_words(probability: float, interval: Interval) -> str:
    """A probability with its interval, never without: "78 % (66 to 87 %)"."""
    return f"{percent(probability)} ({interval_words(interval)})"


def is_close(interval: Interval, operating_point: float) -> bool:
    """Whether the decision could go either way within the interval: then it is called "close"."""
    # "Referable" begins at the operating point itself, so an interval from there on is clear of it.
    return interval.low < operating_point <= interval.high


def probability_sentence(answer: RetinopathyAnswer) -> str:
    """The full sentence about a probability, or that there is none."""
    probability, interval = answer.probability, answer.interval
    if probability is None or interval is None:
        return f"{decision_words(answer.decision)}. {REFUSED}"
    return scored_sentence(probability, interval, answer.operating_point)


def scored_sentence(probability: float, interval: Interval, operating_point: float) -> str:
    """A probability with its interval, and where the operating point lies."""
    close = ", close" if is_close(interval, operating_point) else ""
    side = "above" if probability > operating_point else "below"
    if probability == operating_point:
        side = "at"
    return (
        f"Probability of referable retinopathy {percent(probability)}, "
        f"{percent(interval.level)} interval {interval_words(interval)}{close}, "
        f"{side} the operating point of {percent(operating_point)}."
    )


def decision_words(decision: Decision) -> str:
    """A decision as it is shown: "Ungradable" always says what to do."""
    return _DECISIONS[decision]


def criterion_sign(criterion: Criterion) -> str:
    """The letter of a criterion, as its paper writes it; of relevance the rule."""
    return _CRITERIA[criterion]


def legend_title(criterion: Criterion) -> str:
    """What a heatmap's legend says that it shows: "Evidence, criterion π"."""
    if criterion is Criterion.LESIONS:
        return "How sure it is of any lesion"
    if criterion is Criterion.RELEVANCE:
        return f"Relevance {_CRITERIA[criterion]}, signed"
    return f"Evidence, criterion {_CRITERIA[criterion]}"


def evidence(value: float) -> str:
    """Evidence in parts of the map's upper end, two decimals, no unit."""
    return f"{value:.2f}"


def signed_evidence(value: float) -> str:
    """Signed evidence in parts of the map's upper end: "+0.83", "−0.20", "0.00"."""
    words = f"{abs(value):.2f}"
    if float(words) == 0:
        return words
    return f"{'+' if value > 0 else MINUS}{words}"


def scale_words(upper_end: float, *, shared: bool = False, chance: bool = False) -> str:
    """The real scale of a legend: "own scale: 1.00 is 0.0132 and more", or "same scale".

    Of a ``chance`` it is the same in every picture, and its colours tell no kind.
    """
    if chance:
        return "same for every kind and eye: 1.00 is sure"
    which = "same" if shared else "own"
    return f"{which} scale: 1.00 is {_three_figures(upper_end)} and more"


def pack_words(pack: PackReference) -> str:
    """A pack by name, version and the first eight digits of its hash."""
    return f"{pack.name} {pack.version} ({pack.sha256[:8]})"


def whose(pack: PackSummary, packs: Sequence[PackSummary]) -> str:
    """What tells a pack of the user's from one that ships and has its name; else empty."""
    if pack.shipped or not any(each.shipped and each.name == pack.name for each in packs):
        return ""
    return f"yours, {pack.sha256[:8]}" if pack.sha256 else "yours"


def _figure(probability: float) -> str:
    if probability < 0.01:
        return "under 1"
    if probability > 0.99:
        return "over 99"
    # Halves go up, as a reader expects; round() would send them to the even neighbour.
    return str(int(100 * probability + 0.5))


def _three_figures(value: float) -> str:
    """Three significant figures; a power of ten where zeros would run on."""
    if value and not 1e-3 <= abs(value) < 1e4:
        mantissa, exponent = f"{value:.2e}".split("e")
        return f"{mantissa} × 10{str(int(exponent)).translate(_SUPERSCRIPT)}"
    return f"{float(f'{value:.2e}'):g}"


def date_words(date: str) -> str:
    """A date as DICOM writes it, "20240212", as a reader writes it: "12 Feb 2024".

    Anything that is no such date comes back as it is: it is not ours to mend.
    """
    digits = date.replace(".", "")
    if len(digits) != 8 or not digits.isdecimal() or not 1 <= int(digits[4:6]) <= 12:
        return date
    return f"{int(digits[6:])} {_MONTHS[int(digits[4:6]) - 1]} {digits[:4]}"


def origin_words(what: str, content_hash: str) -> str:
    """What an export was made from, and when: "Photograph 3f2a91c0, exported 22 Nov 2026".

    Decided: of the content's hash the first eight digits, as the records and ``sha256sum`` have
    it, so that two exports are not mixed up; never the file's name, which may be a patient's. The
    day is this one; when the picture was taken stands nowhere on it. Empty without a hash.
    """
    if not content_hash:
        return ""
    return f"{what} {content_hash[:8]}, exported {date_words(f'{date.today():%Y%m%d}')}"


def time_left(seconds: float) -> str:
    """How long something will still take: "under 1 min left", "about 1 h 20 min left"."""
    if seconds < 50:
        return "under 1 min left"
    minutes = round(seconds / 60)
    if minutes < 60:
        return f"about {minutes} min left"
    hours, rest = divmod(minutes, 60)
    return f"about {hours} h {rest} min left" if rest else f"about {hours} h left"


def name_words(name: str) -> str:
    """A name as DICOM writes it, "Meyer^Anna^^Dr", as a reader writes it: "Meyer, Anna"."""
    family, _, rest = name.partition("=")[0].partition("^")
    given = " ".join(part for part in rest.split("^")[:2] if part)
    return ", ".join(part for part in (family.strip(), given) if part)


def frames_words(facts: VolumeFacts) -> str:
    """How many frames there are, and of what: "30 time points"; empty where there is one alone."""
    count = len(facts.frames)
    if count < 2:
        return ""
    # Of one slice they are a film.
    film = facts.frame_axis is FrameAxis.TIME and facts.grid.size[2] == 1
    return f"{count} {_FRAMES[FrameAxis.NONE if film else facts.frame_axis]}"


def first_of(names: Sequence[str]) -> str:
    """The first five, and how many more there are: "a, b, c, d, e and 3 more"."""
    return ", ".join(names[:_NAMED]) + (
        f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    )


def first_sentences(said: Sequence[str]) -> str:
    """The first five, and how many more there are: "Line 2 … Line 9 … There are 3 more."."""
    more = [f"There are {len(said) - _NAMED} more."] if len(said) > _NAMED else []
    return " ".join([*said[:_NAMED], *more])
