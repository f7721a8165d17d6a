"""What the frames of a volume are called, as a reader would: "b 50", "echo 2, 80 ms", "time 3"."""

from collections.abc import Mapping, Sequence

from engine.pictures import FrameAxis

UNSAID = float("-inf")
"""The value of what a picture does not say; it comes first: before diffusion, before contrast."""

_COMPONENTS = ("magnitude", "phase", "real part", "imaginary part", "mixed")
"""By the numbers of the word "component" (PS3.3 C.8.13.3.1.1)."""

_LETTERS = {"M": "magnitude", "P": "phase", "R": "real part", "I": "imaginary part"}
"""Kinds of image as classic MR files write them."""

KERNEL = "kernel "
"""Begins the word for what a picture was reconstructed with."""

_AXES = {axis.value: axis for axis in FrameAxis if axis is not FrameAxis.NONE}


def axis_of(words: Sequence[str]) -> FrameAxis:
    """What frames differ by that differ in these words of ``FrameAxis``; several make an image."""
    (word,) = words if len(words) == 1 else ("",)
    return _AXES.get(word, FrameAxis.IMAGE)


def kind_words(kind: Sequence[str]) -> str:
    """A kind of image as a reader would say it; the names of kernels stay as they are."""
    return " ".join(
        word if word.startswith(KERNEL) else _LETTERS.get(word, word.lower()) for word in kind
    )


def name_of(
    values: Mapping[str, float],
    all_values: Mapping[str, Sequence[float]],
    kind: str,
    number: int | None,
    *,
    drawn: bool = False,
) -> str:
    """The name of one frame; those of ``drawn`` areas are segments.

    ``values`` are its own by word, ``all_values`` those of all frames; ``kind`` are the words of
    its kind of image that others do not share; ``number`` tells apart what shares all of these.
    """
    parts = [_value_name(word, value, all_values[word], drawn) for word, value in values.items()]
    if kind:
        parts.append(kind)
    if number is not None:
        parts.append(f"{number}" if parts else f"image {number}")
    return ", ".join(parts)


def numbered(count: int, axis: FrameAxis) -> tuple[str, ...]:
    """Names for frames of which nothing else is known: "time 1", "image 2"; one has none."""
    if count == 1:
        return ("",)
    return tuple(
        f"{axis.value or FrameAxis.IMAGE.value} {number}" for number in range(1, count + 1)
    )


def _value_name(word: str, value: float, others: Sequence[float], drawn: bool) -> str:
    rank = sorted(set(others)).index(value) + 1
    if value == UNSAID:
        return f"{word} not given"
    if word == FrameAxis.B_VALUE:
        return f"b {value:g}"
    if word == FrameAxis.ECHO and value != rank:
        return f"echo {rank}, {value:g} ms"
    if word == FrameAxis.COMPONENT and value in range(len(_COMPONENTS)):
        return _COMPONENTS[int(value)]
    if word == FrameAxis.IMAGE and drawn:
        return f"segment {value:g}"
    return f"{word} {rank}"
