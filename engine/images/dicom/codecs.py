"""A compressed picture becomes numbers, by the decoder that is right and fast for its coding.

Data that end early never reach a decoder: CharLS may take minutes over them, and SimpleITK fills
the rest with grey and says nothing. What the first decoder cannot do a second one tries.
"""

import io
import warnings
from collections.abc import Callable
from typing import Any, NamedTuple, cast

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.images.dicom import by_simpleitk
from engine.images.dicom.codestream import (
    Codestream,
    Coding,
    Colours,
    Unreadable,
    has_end,
    read_codestream,
)
from engine.images.dicom.layout import Layout
from engine.images.overheard import overheard, tells_of_damage

Samples = NDArray[np.unsignedinteger[Any]]
"""(y, x) or (y, x, 3), as stored: two's complement where the numbers are signed."""

Decoder = Callable[[bytes, Codestream], Samples]

_RLE_AT_MOST = 64
"""Two bytes stand for 128 at most; a header may promise any size, and decoders make room for it."""

_DAMAGED = "it ends early, or bytes in it are damaged"


class Decoded(NamedTuple):
    """Numbers, how many of their bits count, and whether the colours are RGB for certain."""

    samples: Samples
    precision: int
    is_rgb: bool = False


def decode(content: bytes, layout: Layout) -> Decoded:
    """Unpack one JPEG, JPEG-LS or JPEG 2000 picture; the codestream says itself which it is.

    Raises:
        Unreadable: no decoder can, or the picture is not of the header's size.
    """
    stream = read_codestream(content)
    found = (stream.columns, stream.rows, stream.samples)
    if found != (layout.columns, layout.rows, layout.samples):
        raise Unreadable(
            "it is {} x {} pixels with {} samples, the header says {} x {} with {}".format(
                *found, layout.columns, layout.rows, layout.samples
            )
        )
    if not has_end(content, stream.coding):
        raise Unreadable("it ends early")
    decoders = _DECODERS[stream.coding]
    is_rgb = stream.coding is Coding.JPEG or stream.colours is Colours.RGB
    if (
        stream.coding is Coding.JPEG
        and stream.samples == 3
        and stream.colours is Colours.UNSAID
        and not layout.photometric.startswith("YBR")
    ):
        decoders = (_jpeg_untouched,)
    reasons = []
    for decoder in decoders:
        try:
            return Decoded(decoder(content, stream), stream.precision, is_rgb)
        except MemoryError:
            raise
        except Exception as error:  # each raises what it likes
            reasons.append(error)
    raise Unreadable(_DAMAGED) from reasons[0]


def decode_rle(content: bytes, layout: Layout) -> Decoded:
    """Unpack a run-length encoded picture (PS3.5, annex G).

    Raises:
        Unreadable: it ends early, or is damaged.
    """
    if len(content) * _RLE_AT_MOST < layout.frame_bits // 8:
        raise Unreadable("it ends early")
    reasons = []
    for decoder in (_rle_by_pylibjpeg, _rle_by_pydicom):
        try:
            flat = np.frombuffer(decoder(content, layout), f"<u{max(layout.allocated // 8, 1)}")
            planes = flat.reshape(layout.samples, layout.rows, layout.columns)
            return Decoded(_by_pixel(planes), layout.stored)
        except MemoryError:
            raise
        except Exception as error:  # as above
            reasons.append(error)
    raise Unreadable(_DAMAGED) from reasons[0]


def _rle_by_pylibjpeg(content: bytes, layout: Layout) -> bytes | bytearray:
    """Panics, aloud, at a segment that holds more than it should."""
    from rle.utils import decode_pixel_data

    try:
        with overheard():
            flat = decode_pixel_data(
                content,
                version=2,
                rows=layout.rows,
                columns=layout.columns,
                bits_allocated=layout.allocated,
            )
    except (Exception, KeyboardInterrupt):
        raise
    except BaseException as panic:  # Rust's is no Exception
        raise ValueError from panic
    return cast(bytearray, flat)


def _rle_by_pydicom(content: bytes, layout: Layout) -> bytes | bytearray:
    """Takes a segment that holds more than it should."""
    from pydicom.encaps import encapsulate
    from pydicom.pixels.decoders.base import RLELosslessDecoder

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        flat, _ = RLELosslessDecoder.as_buffer(
            encapsulate([content]),
            index=0,
            decoding_plugin="pydicom",
            rows=layout.rows,
            columns=layout.columns,
            samples_per_pixel=layout.samples,
            bits_allocated=layout.allocated,
            bits_stored=layout.stored,
            pixel_representation=0,
            photometric_interpretation=layout.photometric,
            planar_configuration=1,
            number_of_frames=1,
            pixel_keyword="PixelData",
        )
    return bytes(flat)


def _jpeg_by_opencv(content: bytes, stream: Codestream) -> Samples:
    """8 bits, baseline or progressive, luma and chroma turned into colours."""
    if stream.precision != 8:
        raise ValueError
    flag = cv2.IMREAD_GRAYSCALE if stream.samples == 1 else cv2.IMREAD_COLOR_RGB
    octets = np.frombuffer(content, np.uint8)
    with overheard() as said:
        found = cv2.imdecode(octets, flag | cv2.IMREAD_IGNORE_ORIENTATION)
        if found is None or tells_of_damage(said()):
            raise ValueError
    return cast(Samples, found)


def _jpeg_untouched(content: bytes, stream: Codestream) -> Samples:
    """The same, for components that are red, green and blue by the DICOM header alone.

    The JPEG library would take them for luma and chroma. Told to give just those, it gives the
    components as they are.
    """
    from PIL import Image

    if stream.precision != 8:
        raise ValueError
    _jpeg_by_opencv(content, stream)  # heard for damage, of which Pillow says nothing
    with Image.open(io.BytesIO(content), formats=["JPEG"]) as image:
        image.draft("YCbCr", image.size)
        return np.asarray(image)


def _jpeg_ls_by_charls(content: bytes, stream: Codestream) -> Samples:
    import jpeg_ls

    flat, told = jpeg_ls.decode_buffer(content)
    samples = np.frombuffer(flat, "<u2" if stream.precision > 8 else "u1")
    if stream.samples > 1 and told["interleave_mode"] == 0:
        return _by_pixel(samples.reshape(stream.samples, stream.rows, stream.columns))
    return _shaped(samples, stream)


def _jpeg_2000_by_openjpeg(content: bytes, stream: Codestream) -> Samples:
    """JPEG 2000 and its high-throughput kind."""
    from openjpeg.utils import decode

    width = 4 if stream.precision > 16 else 2 if stream.precision > 8 else 1
    return _shaped(decode(content, reshape=False).view(f"<u{width}"), stream)


def _shaped(flat: Samples, stream: Codestream) -> Samples:
    shape = (stream.rows, stream.columns)
    return flat.reshape(shape if stream.samples == 1 else (*shape, stream.samples))


def _by_pixel(planes: Samples) -> Samples:
    """(sample, y, x) as (y, x) or (y, x, sample)."""
    return planes[0] if len(planes) == 1 else np.moveaxis(planes, 0, -1)


_DECODERS: dict[Coding, tuple[Decoder, ...]] = {
    Coding.JPEG: (_jpeg_by_opencv, by_simpleitk.decode),
    Coding.JPEG_LOSSLESS: (by_simpleitk.decode,),
    Coding.JPEG_LS: (_jpeg_ls_by_charls, by_simpleitk.decode),
    Coding.JPEG_2000: (_jpeg_2000_by_openjpeg, by_simpleitk.decode),
}
