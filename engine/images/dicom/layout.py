"""How the numbers of a DICOM picture lie in its file."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Layout:
    """What the header says of the pixels of a file.

    ``samples`` is 1 or 3; ``planar`` is whether
    each colour's plane stands by itself. ``allocated`` is the number of bits that a sample takes
    in the file, ``stored`` how many of them hold its number, ``high`` which is the uppermost of
    those. ``swapped``: bytes stand the other way round than little endian. ``paired``: so they do
    in pairs, even where a sample takes one byte.
    """

    rows: int
    columns: int
    frames: int
    samples: int
    photometric: str
    allocated: int
    stored: int
    high: int
    signed: bool = False
    floating: bool = False
    planar: bool = False
    swapped: bool = False
    paired: bool = False

    @property
    def shares_chroma(self) -> bool:
        """Whether uncompressed pixels have the chroma of two beside each other stored once."""
        return self.photometric in ("YBR_FULL_422", "YBR_PARTIAL_422")

    @property
    def frame_bits(self) -> int:
        """How many bits one uncompressed picture takes."""
        pixels = self.rows * self.columns
        if self.shares_chroma:
            return (pixels + self.rows * (self.columns % 2)) * 2 * self.allocated
        return pixels * self.samples * self.allocated
