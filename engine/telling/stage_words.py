"""The words in which stages are told to a reader: what a part of the bar is called, and says."""

from collections.abc import Sequence

from engine.answers import Criterion, Decision, Interval
from engine.stage_answers import Head, HeadAnswer, StageAnswer, StageShare, grade_runs
from engine.telling.words import criterion_sign, percent

_HEADS = {Head.VISION: "vision", Head.LSTM: "sequence"}
_DAVIS = {
    "NDR": "no retinopathy",
    "SDR": "simple retinopathy",
    "PPDR": "pre-proliferative retinopathy",
    "PDR": "proliferative retinopathy",
}
"""What the four letters of Davis' stages stand for."""


def codes(stages: Sequence[StageShare]) -> tuple[str, ...]:
    """What stands in each part of a stage bar: the grades that it is of, "2" or "1–2".

    Decided: where the grades are no such run, the stages are counted from 1, "2/3", so that no
    count is taken for a grade.
    """
    runs = _runs(stages)
    if runs is None:
        return tuple(f"{place}/{len(stages)}" for place in range(1, len(stages) + 1))
    return tuple(str(low) if low == high else f"{low}–{high}" for low, high in runs)


def place_of(stages: Sequence[StageShare], digit: int) -> int | None:
    """The place of the stage that a digit means: the one of this grade, as its part has it.

    Where the parts have counts in place of grades, the digit is the count.
    """
    runs = _runs(stages)
    if runs is None:
        return digit - 1 if 1 <= digit <= len(stages) else None
    return next((at for at, (low, high) in enumerate(runs) if low <= digit <= high), None)


def stage_words(stages: Sequence[StageShare], place: int) -> str:
    """One stage by its grades and name: "stage 2, moderate", "stage 1 to 2, SDR"."""
    name, code = _name(stages[place]), codes(stages)[place]
    said = f"stage {code.replace('–', ' to ').replace('/', ' of ')}"
    return f"{said}, {name}" if name else said


def likeliest_words(answer: StageAnswer) -> str:
    """The headline: "Stage 2, moderate, most likely"; empty without stages."""
    if answer.likeliest is None:
        return ""
    return f"{_upper(stage_words(answer.stages, answer.likeliest))}, most likely"


def likeliest_grades(answer: StageAnswer) -> tuple[int, int] | None:
    """The first and the last ICDR grade of the likeliest stage; None where it has none."""
    runs = _runs(answer.stages)
    if answer.likeliest is None or runs is None or _grades_of(answer.scale) != "ICDR":
        return None
    return runs[answer.likeliest]


def contradiction(answer: StageAnswer, decision: Decision) -> str:
    """Where the likeliest ICDR stage speaks against the decision, which another pack made.

    Empty where it does not, or puts together what is referable (2 and more) and what is not.
    """
    if answer.likeliest is None or _grades_of(answer.scale) != "ICDR":
        return ""
    grade = answer.stages[answer.likeliest].grade
    against = {Decision.REFERABLE: grade <= 1, Decision.NOT_REFERABLE: grade >= 2}
    if not against.get(decision, False):
        return ""
    stage, not_ = codes(answer.stages)[answer.likeliest], "not " if grade <= 1 else ""
    return f"Two packs differ here: by stage {stage} alone the eye would {not_}be referable."


def expected_words(answer: StageAnswer) -> str:
    """The expected stage with its interval: "expected stage 2.1 (90 % interval 1.8 to 2.4)"."""
    if answer.expected_stage is None or answer.interval is None:
        return ""
    interval = f"{percent(answer.interval.level)} interval {ends_words(answer.interval)}"
    return f"expected stage {answer.expected_stage:.1f} ({interval})"


def expected_sentence(answer: StageAnswer) -> str:
    """What the expected stage is a number of, and what its interval tells."""
    if answer.expected_stage is None or answer.interval is None:
        return ""
    low, high = answer.stages[0].grade, answer.stages[-1].grade
    return (
        f"{_upper(expected_words(answer))}: the mean of the shares on the grades "
        f"{_grade(low)} to {_grade(high)}. The interval is the "
        "uncertainty of the calibration, not of this eye."
    )


def share_words(scale: str, stages: Sequence[StageShare], place: int) -> str:
    """One part of the bar: "Moderate, 2 of ICDR 0 to 4: 62 %"."""
    share, runs = stages[place], _runs(stages)
    name = _name(share)
    meant = _DAVIS.get(share.name, "")
    name = f"{name} ({meant})" if meant else name
    if runs is None:
        where = f"{place + 1} of the {len(stages)} stages of {scale}"
    else:
        low, high = runs[place]
        own = str(low) if low == high else f"{low} to {high}"
        where = f"{own} of {_grades_of(scale)} {runs[0][0]} to {runs[-1][1]}"
    said = f"{name}, {where}" if name else f"Stage {where}"
    return f"{_upper(said)}: {percent(share.probability)}"


def shares_sentence(answer: StageAnswer) -> str:
    """The whole distribution, for those who do not see the bar."""
    if answer.likeliest is None:
        return ""
    shares = "; ".join(
        share_words(answer.scale, answer.stages, place) for place in range(len(answer.stages))
    )
    return f"{likeliest_words(answer)}, {expected_words(answer)}. {shares}."


def heads_words(answer: StageAnswer) -> str:
    """Where the two heads' likeliest stages differ, which says what; empty where they agree."""
    if answer.heads_agree:
        return ""
    said = ", ".join(
        f"{_HEADS[head.head]} says {_name(head.stages[head.likeliest]) or _code(head)}"
        for head in answer.heads
    )
    return f"The two heads differ: {said}"


def heads_sentences(answer: StageAnswer) -> str:
    """Each head's distribution and expected stage, a line each."""
    lines = []
    for head in answer.heads:
        shares = ", ".join(
            f"{_name(share) or code} {percent(share.probability)}"
            for share, code in zip(head.stages, codes(head.stages), strict=True)
        )
        lines.append(
            f"{_upper(_HEADS[head.head])} head: {shares}; expected stage {head.expected_stage:.1f}."
        )
    return "\n".join(lines)


def evidence_title(criterion: Criterion, of: str) -> str:
    """What the legend of a stage's heatmap says: "Evidence for stage 2, moderate, π"."""
    kind = "Relevance" if criterion is Criterion.RELEVANCE else "Evidence"
    return f"{kind} for {of}, {criterion_sign(criterion)}"


def _runs(stages: Sequence[StageShare]) -> tuple[tuple[int, int], ...] | None:
    return grade_runs([share.grade for share in stages])


def _code(head: HeadAnswer) -> str:
    return f"stage {codes(head.stages)[head.likeliest]}"


def _grades_of(scale: str) -> str:
    # Davis' four stages are laid on the grades that a reader knows.
    return "ICDR" if scale.lower().startswith("davis") else scale


def _name(share: StageShare) -> str:
    """A stage's name as it stands in a sentence; empty where it is only its grades again."""
    name = share.name.strip()
    if not any(letter.isalpha() for letter in name):
        return ""
    return name if name[1:2].isupper() else name[:1].lower() + name[1:]


def ends_words(interval: Interval) -> str:
    """The two ends of an expected stage's interval: "1.8 to 2.4", "0.1 throughout"."""
    low, high = f"{interval.low:.1f}", f"{interval.high:.1f}"
    return f"{low} throughout" if low == high else f"{low} to {high}"


def _grade(grade: float) -> str:
    return f"{grade:g}"


def _upper(words: str) -> str:
    return words[:1].upper() + words[1:]
