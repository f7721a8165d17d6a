"""Which module reads a volume that is one file: a row for each format."""

from pathlib import Path
from typing import Protocol

from engine.images import metaimage, nifti, nrrd
from engine.images.plan import Planned
from engine.images.recognise import Kind
from engine.images.whole_files import FileVolume


class Format(Protocol):
    """What such a module does; all raise ``Refusal``."""

    def plan(self, path: Path, kind: Kind, key: str, /) -> Planned:
        """Read and check the header."""

    def volume(self, path: Path, kind: Kind, /) -> FileVolume:
        """Read and check the header, and say how the values are read."""

    def files(self, path: Path, kind: Kind, /) -> tuple[Path, ...]:
        """The files that belong to this one and are nothing by themselves."""


FORMATS: dict[Kind, Format] = {
    Kind.NIFTI: nifti,
    Kind.NIFTI_PAIR: nifti,
    Kind.ANALYZE: nifti,
    Kind.NRRD: nrrd,
    Kind.METAIMAGE: metaimage,
}
