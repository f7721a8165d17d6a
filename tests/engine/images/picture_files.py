"""Bytes of picture files for tests, some written by hand, since no library here writes them."""

import io
import struct
import zlib

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageCms


def encoded(image: Image.Image, kind: str, **options: object) -> bytes:
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def patchwork(height: int = 40, width: int = 60) -> NDArray[np.uint8]:
    """A picture without any symmetry, smooth enough for JPEG."""
    y, x = np.mgrid[0:height, 0:width]
    return np.stack([255 * x // width, 255 * y // height, 40 + x * y // 24], axis=-1).astype(
        np.uint8
    )


def tiff(
    samples: NDArray[np.generic],
    *,
    photometric: int | None = None,
    sample_format: int = 1,
    orientation: int = 1,
    tile: int | None = None,
    deflate: bool = False,
    planar: bool = False,
    alpha: int | None = None,
    order: str = "<",
) -> bytes:
    """A TIFF after the TIFF 6.0 specification, as strips or square tiles, in either byte order.

    ``alpha`` says what the last sample is: 1 alpha that the others were multiplied by, 2 alpha.
    """
    samples = samples.astype(samples.dtype.newbyteorder(order))
    height, width = samples.shape[:2]
    channels = 1 if samples.ndim == 2 else samples.shape[2]
    cube = samples.reshape(height, width, channels)
    planes = [cube[..., [c]] for c in range(channels)] if planar else [cube]
    pieces: list[bytes] = []
    for plane in planes:
        if tile is None:
            pieces.append(plane.tobytes())
            continue
        for top in range(0, height, tile):
            for left in range(0, width, tile):
                block = np.zeros((tile, tile, plane.shape[2]), samples.dtype)
                part = plane[top : top + tile, left : left + tile]
                block[: part.shape[0], : part.shape[1]] = part
                pieces.append(block.tobytes())
    if deflate:
        pieces = [zlib.compress(piece) for piece in pieces]
    body = b"".join(pieces)
    starts = [8 + sum(map(len, pieces[:i])) for i in range(len(pieces))]
    sizes = [len(piece) for piece in pieces]
    bits = samples.dtype.itemsize * 8
    if photometric is None:
        photometric = 1 if channels == 1 else 2
    tags: dict[int, tuple[str, list[int]]] = {
        256: ("I", [width]),
        257: ("I", [height]),
        258: ("H", [bits] * channels),
        259: ("H", [8 if deflate else 1]),
        262: ("H", [photometric]),
        274: ("H", [orientation]),
        277: ("H", [channels]),
        284: ("H", [2 if planar else 1]),
        339: ("H", [sample_format] * channels),
    }
    if alpha is not None:
        tags[338] = ("H", [alpha])
    if tile is None:
        tags |= {273: ("I", starts), 278: ("I", [height]), 279: ("I", sizes)}
    else:
        tags |= {322: ("I", [tile]), 323: ("I", [tile]), 324: ("I", starts), 325: ("I", sizes)}
    directory = 8 + len(body) + len(body) % 2
    beyond = directory + 2 + 12 * len(tags) + 4
    entries, extra = b"", b""
    for number, (form, values) in sorted(tags.items()):
        packed = struct.pack(f"{order}{len(values)}{form}", *values)
        if len(packed) > 4:
            where = struct.pack(f"{order}I", beyond + len(extra))
            extra += packed + b"\0" * (len(packed) % 2)
        else:
            where = packed.ljust(4, b"\0")
        kind = 3 if form == "H" else 4
        entries += struct.pack(f"{order}HHI", number, kind, len(values)) + where
    head = (b"II" if order == "<" else b"MM") + struct.pack(f"{order}HI", 42, directory)
    table = struct.pack(f"{order}H", len(tags)) + entries + struct.pack(f"{order}I", 0)
    return head + body + b"\0" * (len(body) % 2) + table + extra


def png_chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def png(
    samples: NDArray[np.uint16],
    *,
    colour_type: int,
    extra: bytes = b"",
    claim: tuple[int, int] | None = None,
) -> bytes:
    """A 16-bit PNG after its specification; ``claim`` is what its header tells."""
    height, width = claim or samples.shape[:2]
    header = struct.pack(">IIBBBBB", width, height, 16, colour_type, 0, 0, 0)
    rows = b"".join(b"\0" + row.astype(">u2").tobytes() for row in samples)
    return (
        b"\x89PNG\r\n\x1a\n"
        + png_chunk(b"IHDR", header)
        + extra
        + png_chunk(b"IDAT", zlib.compress(rows))
        + png_chunk(b"IEND", b"")
    )


def exif(orientation: int) -> bytes:
    """An EXIF block, without its "Exif" prefix, that holds an orientation alone."""
    entry = struct.pack("<HHIHH", 0x0112, 3, 1, orientation, 0)
    return b"II*\0" + struct.pack("<IH", 8, 1) + entry + struct.pack("<I", 0)


def srgb_profile() -> bytes:
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def swapped_profile() -> bytes:
    """SRGB with red and green named the other way round: its red is green."""
    profile = bytearray(srgb_profile())
    count = struct.unpack(">I", profile[128:132])[0]
    for at in range(132, 132 + 12 * count, 12):
        name = bytes(profile[at : at + 4])
        profile[at : at + 4] = {b"rXYZ": b"gXYZ", b"gXYZ": b"rXYZ"}.get(name, name)
    return bytes(profile)
