"""A listed series is read into a Volume, in this process."""

from typing import Any

from numpy.typing import NDArray

from engine.errors import Refusal
from engine.images.content import content_of, with_content
from engine.images.formats import FORMATS
from engine.images.plan import FilePlan, Planned
from engine.images.recognise import Kind
from engine.pictures import Volume
from engine.task import Task


def load(planned: Planned, task: Task) -> Volume:
    """Read a series whole: its values, their range and their hash.

    Raises:
        Refusal: A file of it is gone, damaged or not decodable, or memory does not suffice.
    """
    try:
        values = _values(planned, task)
    except MemoryError as fault:
        raise Refusal(
            "The picture is too large for the memory that is free.",
            "The whole volume must fit into memory to be read.",
            "Close other programs, or read it on a larger computer.",
        ) from fault
    pictures = (content_of(picture) for frame in values for picture in frame)
    return Volume(values, with_content(planned.facts, values.dtype.name, values.shape, pictures))


def read_file(plan: FilePlan, task: Task) -> NDArray[Any]:
    """The values of a volume that is one file, of the plan's type and shape.

    Raises:
        Refusal: The file is cut, damaged, or not what was planned.
    """
    values = FORMATS[Kind(plan.format)].read(plan, task)
    if values.shape != plan.shape or values.dtype != plan.dtype:
        raise Refusal(
            "The file was not read.",
            "It was changed after it had been listed.",
            "Open it again.",
        )
    return values


def _values(planned: Planned, task: Task) -> NDArray[Any]:
    plan = planned.plan
    if isinstance(plan, FilePlan):
        return read_file(plan, task)
    raise Refusal("This picture cannot be read yet.", "Its reader is missing.", "Choose another.")
