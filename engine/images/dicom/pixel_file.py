"""A DICOM file opened for its pictures: where each lies, and how its numbers are meant."""

import warnings
import zlib
from dataclasses import dataclass, replace
from pathlib import Path
from struct import unpack

import numpy as np
from numpy.typing import NDArray

from engine.images.dicom import codecs, tags
from engine.images.dicom.codecs import Decoded
from engine.images.dicom.codestream import Unreadable
from engine.images.dicom.elements import Elements, items, text
from engine.images.dicom.encapsulation import Piece, pictures
from engine.images.dicom.encodings import DEFLATED
from engine.images.dicom.layout import Layout, cannot_be_shown, layout_of
from engine.images.dicom.lookup import Lookup, modality_table_of, palette_of
from engine.images.dicom.parsing import parse
from engine.images.dicom.stored import unpack as unpack_cells
from engine.images.dicom.syntaxes import Packing, packing_of, why_unreadable
from engine.images.dicom.values import BEAM_MODALITIES
from engine.images.reading import damaged, in_words


@dataclass(frozen=True, eq=False)
class PixelFile:
    """A file whose header was read.

    ``start`` is where the value of the pixel data begins, in the file, or in ``inflated`` where
    the whole data set was deflated; ``length`` how long it is, -1 for pieces. ``pieces`` are those
    of each picture. ``palette`` and ``modality`` are the header's look-up tables.
    """

    path: Path
    layout: Layout
    packing: Packing
    start: int
    length: int
    pieces: tuple[tuple[Piece, ...], ...] = ()
    inflated: bytes | None = None
    palette: Lookup | None = None
    modality: Lookup | None = None

    def cells(self, frame: int) -> Decoded:
        """The numbers of a picture as they were stored, bits that do not count and all.

        Raises:
            Refusal: the picture is not there, not whole, or cannot be unpacked.
        """
        if self.packing is Packing.PLAIN:
            return self._plain(frame)
        content = self._joined(frame)
        needed = -(-self.layout.frame_bits // 8)
        try:
            match self.packing:
                case Packing.CODESTREAM:
                    return codecs.decode(content, self.layout)
                case Packing.RUN_LENGTHS:
                    return codecs.decode_rle(content, self.layout)
                case Packing.DEFLATED:
                    content = zlib.decompressobj(-zlib.MAX_WBITS).decompress(content, needed)
        except (Unreadable, zlib.error) as error:
            why = error if isinstance(error, Unreadable) else "bytes in it are damaged"
            raise damaged(
                self.path, f"{self._named(frame).capitalize()} cannot be unpacked: {why}."
            ) from error
        self._require(frame, len(content), needed)
        return Decoded(unpack_cells(content, self.layout), self.layout.stored)

    def _plain(self, frame: int) -> Decoded:
        layout = self.layout
        start, skip = divmod(frame * layout.frame_bits, 8)
        needed = -(-(skip + layout.frame_bits) // 8)
        octets = self._words(start, needed) if layout.paired else self._value(start, needed)
        self._require(frame, len(octets), needed)
        return Decoded(unpack_cells(octets, layout, skip), layout.stored)

    def _words(self, start: int, count: int) -> NDArray[np.uint8]:
        """Bytes that stand in words of two, the second first."""
        odd = start % 2
        even = odd + count + (odd + count) % 2
        words = self._value(start - odd, even)
        whole = words[: len(words) // 2 * 2]
        return whole.reshape(-1, 2)[:, ::-1].reshape(-1)[odd : odd + count]

    def _value(self, start: int, count: int) -> NDArray[np.uint8]:
        """Bytes of the pixel data: fewer where they end."""
        return self._octets(self.start + start, min(count, max(self.length - start, 0)))

    def _joined(self, frame: int) -> bytes:
        if frame >= len(self.pieces):
            raise damaged(
                self.path,
                f"It says that it holds {self.layout.frames} pictures; "
                f"{len(self.pieces)} were found.",
            )
        pieces = self.pieces[frame]
        content = b"".join(self._octets(*piece).tobytes() for piece in pieces)
        self._require(frame, len(content), sum(piece.length for piece in pieces))
        return content

    def _octets(self, start: int, count: int) -> NDArray[np.uint8]:
        """Bytes of the file: fewer where it ends."""
        if self.inflated is not None:
            return np.frombuffer(self.inflated[start : start + count], np.uint8)
        with in_words(self.path):
            there = max(self.path.stat().st_size - start, 0)  # what a header says may be anything
            return np.fromfile(self.path, np.uint8, min(count, there), offset=start)

    def _require(self, frame: int, found: int, needed: int) -> None:
        if found < needed:
            raise damaged(
                self.path,
                f"It ends early: {self._named(frame)} takes {needed:,} bytes, "
                f"{found:,} of them are there.",
            )

    def _named(self, frame: int) -> str:
        frames = self.layout.frames
        return "its picture" if frames == 1 else f"picture {frame + 1} of {frames}"


def open_pixels(path: Path) -> PixelFile:
    """Read a DICOM file's header for its pictures.

    Raises:
        Refusal: it is not DICOM, holds no picture, or one of a kind that this build does not read.
    """
    with in_words(path):
        parsed = parse(path)
    if not parsed.pixels:
        raise cannot_be_shown(path, "It holds no picture.", "Choose another file.")
    packing = packing_of(parsed.transfer_syntax)
    if packing is None:
        raise cannot_be_shown(path, why_unreadable(parsed.transfer_syntax) or "")
    layout = layout_of(path, parsed)
    file = PixelFile(path, layout, packing, parsed.start, parsed.length)
    if packing is not Packing.PLAIN:
        file = replace(file, pieces=_pieces(file, parsed.elements))
    elif parsed.transfer_syntax == DEFLATED:
        file = _inflated(file, parsed.pixels)
    elif parsed.length < 0:
        raise damaged(
            path,
            "Its picture stands in pieces, as only a compressed one does, "
            "and the header says that it is not compressed.",
        )
    return _with_tables(_with_whole_chroma(file), parsed.elements)


def _pieces(file: PixelFile, elements: Elements) -> tuple[tuple[Piece, ...], ...]:
    table = elements.get(tags.EXTENDED_OFFSET_TABLE)
    offsets: tuple[int, ...] = ()
    if table is not None and isinstance(table.content, bytes):
        count = len(table.content) // 8
        offsets = unpack(f"<{count}Q", table.content[: count * 8])
    size = file.path.stat().st_size
    with in_words(file.path), file.path.open("rb", buffering=0) as opened:

        def read(start: int, count: int) -> bytes:
            opened.seek(start)
            return opened.read(min(count, size))

        return pictures(read, file.start, file.layout.frames, offsets)


def _inflated(file: PixelFile, tag: int) -> PixelFile:
    """The pixel data of a file whose whole data set is deflated."""
    from pydicom import dcmread

    with in_words(file.path), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        content = bytes(dcmread(file.path).get_item(tag).value)
    return replace(file, start=0, length=len(content), inflated=content)


def _with_whole_chroma(file: PixelFile) -> PixelFile:
    """Take uncompressed data for what their length proves them to be.

    Many say YBR_FULL_422 and store the chroma of every pixel.
    """
    layout = file.layout
    if file.packing is not Packing.PLAIN or not layout.photometric.endswith("_422"):
        return file
    whole = replace(layout, photometric=layout.photometric.removesuffix("_422"))
    if file.length * 8 < whole.frame_bits * layout.frames:
        return file
    return replace(file, layout=whole)


def _with_tables(file: PixelFile, elements: Elements) -> PixelFile:
    signed, swapped = file.layout.signed, file.layout.swapped
    found = items(elements, tags.MODALITY_LUT_SEQUENCE)
    try:
        if file.layout.photometric.startswith("PALETTE"):
            return replace(file, palette=palette_of(elements, signed, swapped))
        if found and not _leads_to_the_beam(elements):
            return replace(file, modality=modality_table_of(found[0], signed, swapped))
    except ValueError as error:
        raise damaged(
            file.path, "A table that its numbers are to be looked up in is missing or damaged."
        ) from error
    return file


def _leads_to_the_beam(elements: Elements) -> bool:
    """Whether the modality LUT is for measuring the beam, and not for display."""
    return text(elements, tags.MODALITY) in BEAM_MODALITIES and text(
        elements, tags.PIXEL_INTENSITY_RELATIONSHIP
    ) in ("LOG", "DISP")
