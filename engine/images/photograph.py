"""A photograph file becomes a Photograph, or is refused in words."""

import errno
import hashlib
import io
import os
import warnings as python_warnings
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from engine import own_mark
from engine.errors import Refusal
from engine.eyes.names import eye_name
from engine.images.camera_raw import refuse_camera_raw
from engine.images.colour import rgb_by_profile, to_rgb
from engine.images.jpeg import DamagedJpeg, decode_jpeg
from engine.images.recognise import ENOUGH, READABLE, Kind, describe, kind_of
from engine.images.sixteen_bits import SAVE_AGAIN, holds_16_bits, read_16_bits
from engine.images.small import LARGEST
from engine.images.tiff_pieces import is_whole_tiff
from engine.images.tiff_planes import read_planes, rgb_of_planes, stores_planes
from engine.pictures import Laterality, Photograph

MOST_PIXELS = 150_000_000
"""Decided: five times the largest fundus camera's picture, and 0.45 GB when decoded."""

MOST_BYTES = 1_000_000_000
"""A file beyond this is no photograph: the largest allowed one is 0.9 GB even at 16 bits."""

SEVERAL = "The file holds more than one picture; the first is shown."

_ORIENTATION = 0x0112
_ENDS_EARLY = "The file ends early, or bytes in it are damaged."

_BY_OPENCV = {"RGB": cv2.IMREAD_COLOR_RGB, "L": cv2.IMREAD_GRAYSCALE}
"""OpenCV's flags by Pillow's name of what a JPEG holds."""

_REDUCED = {
    8: cv2.IMREAD_REDUCED_COLOR_8,
    4: cv2.IMREAD_REDUCED_COLOR_4,
    2: cv2.IMREAD_REDUCED_COLOR_2,
}
"""OpenCV's flags by how many times smaller a JPEG is decoded."""

# JPEG spends at least one bit on the mean of each block of 8 x 8 pixels.
_MOST_PIXELS_A_BYTE = 8 * 64

T = TypeVar("T")

_COPY_AGAIN = "Copy it again from its source."


def open_picture(path: Path) -> Photograph:
    """Read a photograph file: JPEG, PNG, TIFF, BMP, WebP or DICOM, told by content.

    Pixels come back upright (EXIF orientation applied), as 8-bit sRGB; metadata is not kept. The
    file is read once; the hash and the pixels are of the same bytes.

    Raises:
        Refusal: The file cannot be read, is no photograph, is damaged, or is too large.
    """
    name = os.fsencode(path.name).decode("utf-8", "replace")
    content = _read(path, name)
    kind = kind_of(content[:ENOUGH])
    if kind is Kind.DICOM:
        from engine.images.dicom.photograph import open_dicom_photograph

        return _within_memory(name, lambda: open_dicom_photograph(path, content))
    if kind is None or not kind.is_photograph:
        raise _no_photograph(name, content)
    pixels, warnings = _within_memory(name, lambda: _decode(content, kind, name))
    return Photograph(
        pixels=pixels,
        name=name,
        content_hash=hashlib.sha256(content).hexdigest(),
        laterality=laterality_of(name),
        warnings=warnings,
    )


def identify(path: Path) -> str:
    """The SHA-256 of a photograph's file, after a look at its header alone.

    Raises ``Refusal`` as ``open_picture`` does, as far as the header tells; of DICOM it looks at
    the kind alone.
    """
    name = os.fsencode(path.name).decode("utf-8", "replace")
    content = _read(path, name)
    kind = kind_of(content[:ENOUGH])
    if kind is None or not (kind.is_photograph or kind is Kind.DICOM):
        raise _no_photograph(name, content)
    if kind is not Kind.DICOM:
        _header(content, kind, name)
    return hashlib.sha256(content).hexdigest()


def _no_photograph(name: str, content: bytes) -> Refusal:
    return Refusal(
        f"“{name}” cannot be opened.",
        f"LesionLens reads {READABLE}; this is {describe(content)}.",
        "Choose a photograph of an eye.",
    )


def open_small(path: Path) -> tuple[NDArray[np.uint8], str]:
    """A photograph at the size of a list, uint8 (y, x, 3), and the hash of the file's bytes.

    It fills ``LARGEST`` as far as its shape allows. A plain JPEG is decoded at an eighth, a quarter
    or half of its size, in a sixth of the time; a small picture inside the file is not trusted: it
    may be another one's. Raises as ``open_picture``.
    """
    name = os.fsencode(path.name).decode("utf-8", "replace")
    content = _read(path, name)
    if kind_of(content[:ENOUGH]) is Kind.JPEG:
        reduced = _within_memory(name, lambda: _reduced_jpeg(content, name))
        if reduced is not None:
            return _small(reduced), hashlib.sha256(content).hexdigest()
    whole = open_picture(path)
    return _small(whole.pixels), whole.content_hash


def _reduced_jpeg(content: bytes, name: str) -> NDArray[np.uint8] | None:
    """A plain JPEG at the least size that is no smaller than a list's; None for any other."""
    image = _header(content, Kind.JPEG, name)
    # Its longer side lies either way until it is upright.
    scale = min(image.size) / max(LARGEST)
    flag = next((flag for factor, flag in _REDUCED.items() if factor <= scale), None)
    if image.mode != "RGB" or flag is None:
        return None
    decoded, _ = _undamaged(content, flag, name)
    if decoded is None:
        return None
    rgb = np.ascontiguousarray(decoded[..., ::-1], np.uint8)
    pixels, _ = rgb_by_profile(rgb, image.info.get("icc_profile"))
    return _upright(pixels, _orientation(image))


def _small(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    height, width = pixels.shape[:2]
    scale = min(LARGEST[0] / width, LARGEST[1] / height)
    size = max(1, round(width * scale)), max(1, round(height * scale))
    way = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(pixels, size, interpolation=way), np.uint8)


def _within_memory(name: str, read: Callable[[], T]) -> T:
    try:
        return read()
    except MemoryError as error:
        raise Refusal(
            f"“{name}” is too large for the memory that is free.",
            "The whole photograph must fit into memory to be shown.",
            "Close other programs, or save the photograph with fewer pixels.",
        ) from error


def laterality_of(name: str) -> Laterality | None:
    """Which eye a file's name says, None if it says none or both."""
    return eye_name(name).laterality


def too_many_pixels(name: str) -> Refusal:
    """A photograph beyond ``MOST_PIXELS``."""
    return Refusal(
        f"“{name}” is too large to be opened.",
        f"A photograph here may have at most {MOST_PIXELS // 1_000_000} million pixels; "
        "this file says that it has more.",
        "Save it with fewer pixels, if it is a photograph of an eye.",
    )


def _read(path: Path, name: str) -> bytes:
    what = f"“{name}” cannot be opened."
    try:
        if path.is_dir():
            raise Refusal(what, "It is a folder, not a photograph.", "Choose one photograph in it.")
        if not path.exists():
            why = "It is a link to nowhere." if path.is_symlink() else "There is no such file."
            raise Refusal(what, why, "Check whether it was moved, renamed or deleted.")
        # A device or a pipe may never end.
        if not path.is_file():
            raise Refusal(what, "It is not a plain file.", "Choose a photograph file.")
        size = path.stat().st_size
        if size > MOST_BYTES:
            raise Refusal(
                what,
                f"It has {size / 1e9:.1f} GB; a photograph here may have at most 1 GB.",
                "Save it with fewer pixels.",
            )
        content = path.read_bytes()
    except PermissionError as error:
        raise Refusal(
            what,
            "You are not allowed to read this file.",
            "Ask its owner for leave to read it, or copy it to a folder of your own.",
        ) from error
    except (OSError, ValueError) as error:
        if getattr(error, "errno", None) == errno.ENAMETOOLONG:
            raise Refusal(
                what, "No file here can have so long a name.", "Check how it is called."
            ) from error
        raise Refusal(
            what,
            "The drive or network folder that holds it did not hand it over.",
            "Check that the drive is connected, then try again.",
        ) from error
    if not content:
        raise Refusal(what, "The file is empty: it holds 0 bytes.", _COPY_AGAIN)
    return content


def _decode(content: bytes, kind: Kind, name: str) -> tuple[NDArray[np.uint8], tuple[str, ...]]:
    """Upright RGB pixels and warnings."""
    warnings: tuple[str, ...] = ()
    image = _header(content, kind, name)
    if own_mark.carried_by(content):
        warnings = (own_mark.WHY,)
    if _holds_several(image):
        warnings += (SEVERAL,)
    fast = None
    if kind is Kind.JPEG:
        fast, left_over = _fast_jpeg(content, image, name)
        warnings += left_over
    if fast is not None:
        pixels, more = rgb_by_profile(fast, image.info.get("icc_profile"))
    elif stores_planes(image):
        planes = _unbroken(name, lambda: read_planes(content, image))
        pixels, more = rgb_of_planes(planes, image)
    else:
        _unbroken(name, image.load)
        if holds_16_bits(image, kind, content):
            pixels, more = read_16_bits(content, image, name)
        elif image.mode in ("I", "F"):
            raise Refusal(
                f"“{name}” cannot be shown as a photograph.",
                "Its brightness is stored as decimal or signed numbers; a photograph has "
                "8 or 16 bits without a sign.",
                SAVE_AGAIN,
            )
        else:
            pixels, more = to_rgb(image)
    return _upright(pixels, _orientation(image)), warnings + more


def _header(content: bytes, kind: Kind, name: str) -> Image.Image:
    """The file's header, read by Pillow; no pixel is decoded yet."""
    if kind is Kind.TIFF:
        refuse_camera_raw(io.BytesIO(content), name)
    try:
        with python_warnings.catch_warnings():
            # Our own limit follows; Pillow's lies between a warning and twice as much.
            python_warnings.simplefilter("ignore")
            image = Image.open(io.BytesIO(content), formats=[kind.value])
    except Image.DecompressionBombError as error:
        raise too_many_pixels(name) from error
    except MemoryError:
        raise
    except Exception as error:  # the readers raise whatever a damaged header trips over
        if kind is Kind.TIFF and is_whole_tiff(content):
            raise Refusal(
                f"“{name}” cannot be shown as a photograph.",
                "It is a TIFF in a layout that is not read here, such as 16-bit grey with "
                "transparency, or decimal numbers.",
                SAVE_AGAIN,
            ) from error
        raise _damaged(name, f"Its header is not that of a whole {kind.words} file.") from error
    if image.width * image.height > MOST_PIXELS:
        raise too_many_pixels(name)
    if kind is Kind.JPEG and len(content) < image.width * image.height / _MOST_PIXELS_A_BYTE:
        # The readers would fill what is missing with grey and say nothing.
        raise _damaged(name, "Its header promises far more pixels than the file can hold.")
    return image


def _holds_several(image: Image.Image) -> bool:
    """Whether more pictures follow the first; damage behind it does not cost the first."""
    try:
        with python_warnings.catch_warnings():
            python_warnings.simplefilter("ignore")
            return getattr(image, "n_frames", 1) > 1
    except Exception:  # as above
        image.seek(0)
        return False


def _unbroken(name: str, read: Callable[[], T]) -> T:
    try:
        with python_warnings.catch_warnings():
            python_warnings.simplefilter("ignore")
            return read()
    except MemoryError:
        raise
    except Exception as error:  # as above: any of a dozen types, all meaning damage
        raise _damaged(name, _ENDS_EARLY) from error


def _fast_jpeg(
    content: bytes, image: Image.Image, name: str
) -> tuple[NDArray[np.uint8] | None, tuple[str, ...]]:
    """A plain JPEG by OpenCV, and warnings: Pillow's pixels in less than half the time.

    None for CMYK, which takes Pillow's way, and is decoded small to hear what is damaged.
    """
    flag = _BY_OPENCV.get(image.mode, cv2.IMREAD_REDUCED_COLOR_8)
    decoded, warnings = _undamaged(content, flag, name)
    whole = decoded is not None and decoded.shape[:2] == (image.height, image.width)
    return decoded if whole else None, warnings


def _undamaged(
    content: bytes, flag: int, name: str
) -> tuple[NDArray[np.uint8] | None, tuple[str, ...]]:
    try:
        return decode_jpeg(content, flag)
    except DamagedJpeg as error:
        raise _damaged(name, _ENDS_EARLY) from error


def _orientation(image: Image.Image) -> int:
    """The EXIF orientation still to be applied, 1 to 8; 1 for none and for a senseless one."""
    try:
        found = image.getexif().get(_ORIENTATION, 1)
    except Exception:  # damaged metadata must not cost the picture
        return 1
    return found if isinstance(found, int) and 1 <= found <= 8 else 1


def _upright(pixels: NDArray[np.uint8], orientation: int) -> NDArray[np.uint8]:
    """Apply an EXIF orientation to pixels (y, x, 3)."""
    if orientation in (5, 6, 7, 8):
        pixels = pixels.transpose(1, 0, 2)
    if orientation in (2, 3, 6, 7):
        pixels = pixels[:, ::-1]
    if orientation in (3, 4, 7, 8):
        pixels = pixels[::-1]
    return np.ascontiguousarray(pixels)


def _damaged(name: str, why: str) -> Refusal:
    return Refusal(f"“{name}” is damaged and cannot be shown.", why, _COPY_AGAIN)
