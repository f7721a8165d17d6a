"""Which module reads a volume that is one file: a row for each format."""

from pathlib import Path
from typing import Any, Protocol

from numpy.typing import NDArray

from engine.images import metaimage, nifti, nrrd
from engine.images.plan import FilePlan, Planned
from engine.images.recognise import Kind
from engine.task import Task


class Format(Protocol):
    """What such a module does; both raise ``Refusal``."""

    def plan(self, path: Path, kind: Kind, key: str, /) -> Planned:
        """Read and check the header."""

    def read(self, file: FilePlan, task: Task, /) -> NDArray[Any]:
        """Read the values, (frame, z, y, x) or (frame, z, y, x, 3), of the plan's type."""

    def files(self, path: Path, kind: Kind, /) -> tuple[Path, ...]:
        """The files that belong to this one and are nothing by themselves."""


FORMATS: dict[Kind, Format] = {
    Kind.NIFTI: nifti,
    Kind.NIFTI_PAIR: nifti,
    Kind.ANALYZE: nifti,
    Kind.NRRD: nrrd,
    Kind.METAIMAGE: metaimage,
}
