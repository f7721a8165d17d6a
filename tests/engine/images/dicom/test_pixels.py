"""Pictures of DICOM files in every way in which their numbers may be kept."""

import io
import zlib
from pathlib import Path
from typing import Any

import jpeg_ls
import numpy as np
import openjpeg
import pytest
import SimpleITK as sitk
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from PIL import Image
from pydicom import Dataset, dcmread
from pydicom.encaps import get_frame
from pydicom.uid import (
    HTJ2K,
    JPEG2000,
    DeflatedExplicitVRLittleEndian,
    ExplicitVRBigEndian,
    ExplicitVRLittleEndian,
    ImplicitVRLittleEndian,
    JPEG2000Lossless,
    JPEGBaseline8Bit,
    JPEGLosslessSV1,
    JPEGLSLossless,
    RLELossless,
)
from written import (
    DEFLATED_FRAMES,
    WRAPPED,
    dataset_of,
    jpeg,
    save,
    smooth,
    wrap,
    write,
    write_jpeg_lossless,
)

from engine.errors import Refusal
from engine.images.dicom import pixel_file, pixels
from engine.images.dicom.pixels import forget, read_picture, read_stored, rescale
from engine.images.dicom.syntaxes import why_unreadable
from engine.images.plan import Source

UNCOMPRESSED = {
    "implicit": ImplicitVRLittleEndian,
    "explicit": ExplicitVRLittleEndian,
    "big endian": ExplicitVRBigEndian,
    "deflated": DeflatedExplicitVRLittleEndian,
}
LOSSLESS = {
    "RLE": RLELossless,
    "JPEG-LS": JPEGLSLossless,
    "JPEG 2000": JPEG2000Lossless,
}
SYNTAXES = UNCOMPRESSED | LOSSLESS

NUMBERS = {
    "8 bits": smooth(33, 35, top=255, dtype="uint8"),
    "12 bits": smooth(36, 34),
    "16 bits": smooth(36, 34, top=65535),
    "signed": smooth(36, 34).astype("int16") - 2000,
}


def read(path: Path, frame: int = 0, dtype: str = "int32", **more: Any) -> NDArray[Any]:
    return read_picture(Source(str(path), frame, **more), dtype)


@pytest.mark.parametrize("syntax", SYNTAXES)
@pytest.mark.parametrize("numbers", NUMBERS)
def test_numbers_come_back_as_they_were_written(tmp_path: Path, syntax: str, numbers: str) -> None:
    written = NUMBERS[numbers]
    path = write(tmp_path / "a.dcm", written, SYNTAXES[syntax])

    assert (read(path) == written).all()


@pytest.mark.parametrize("syntax", SYNTAXES)
def test_colours_come_back_as_they_were_written(tmp_path: Path, syntax: str) -> None:
    written = smooth(33, 35, 3, top=255, dtype="uint8")
    path = write(tmp_path / "a.dcm", written, SYNTAXES[syntax], SamplesPerPixel=3)

    assert (read(path, dtype="uint8") == written).all()


def test_a_jpeg_lossless_picture_is_read_exactly(tmp_path: Path) -> None:
    path = write_jpeg_lossless(tmp_path / "a.dcm", smooth(40, 50))

    assert (read(path) == smooth(40, 50)).all()


def test_uncompressed_numbers_in_fragments_are_read(tmp_path: Path) -> None:
    written = smooth(2, 5, 7)
    frames = [frame.tobytes() for frame in written]
    path = wrap(tmp_path / "a.dcm", dataset_of(written, WRAPPED), frames)

    assert (read(path, 1) == written[1]).all()


def test_deflated_fragments_are_read(tmp_path: Path) -> None:
    written = smooth(2, 5, 7)
    frames = []
    for frame in written:
        packer = zlib.compressobj(wbits=-15)
        frames.append(packer.compress(frame.tobytes()) + packer.flush())
    path = renamed(tmp_path / "a.dcm", written, frames, DEFLATED_FRAMES)

    assert (read(path, 1) == written[1]).all()


@pytest.mark.parametrize("syntax", UNCOMPRESSED)
@pytest.mark.parametrize("dtype", ["uint8", "uint16"])
def test_any_frame_of_an_uncompressed_file_is_read(tmp_path: Path, syntax: str, dtype: str) -> None:
    written = smooth(3, 5, 7, top=255, dtype=dtype)
    path = write(tmp_path / "a.dcm", written, UNCOMPRESSED[syntax])

    for frame in (2, 0, 1):
        assert (read(path, frame) == written[frame]).all()


@pytest.mark.parametrize("table", ["basic", "extended", "none"])
@pytest.mark.parametrize("syntax", LOSSLESS)
def test_any_frame_of_a_compressed_file_is_read(tmp_path: Path, syntax: str, table: str) -> None:
    written = smooth(3, 32, 32)
    frames = packed(written, LOSSLESS[syntax])
    path = wrap(tmp_path / "a.dcm", dataset_of(written, LOSSLESS[syntax]), frames, table=table)

    for frame in (2, 0, 1):
        assert (read(path, frame) == written[frame]).all()


@pytest.mark.parametrize("table", ["basic", "none"])
@pytest.mark.parametrize("syntax", ["JPEG-LS", "JPEG 2000"])
def test_frames_in_several_pieces_are_put_together(tmp_path: Path, syntax: str, table: str) -> None:
    written = smooth(3, 32, 32)
    frames = packed(written, LOSSLESS[syntax])
    dataset = dataset_of(written, LOSSLESS[syntax])
    path = wrap(tmp_path / "a.dcm", dataset, frames, table=table, pieces=2)

    for frame in (2, 0, 1):
        assert (read(path, frame) == written[frame]).all()


def test_a_table_that_does_not_fit_the_pieces_is_not_used(tmp_path: Path) -> None:
    written = smooth(3, 32, 32)
    dataset = dataset_of(written, JPEGLSLossless)
    path = wrap(tmp_path / "a.dcm", dataset, packed(written, JPEGLSLossless))
    content = path.read_bytes()
    table = content.rindex(b"\xfe\xff\x00\xe0\x0c\0\0\0") + 8  # three offsets of four bytes
    path.write_bytes(content[: table + 4] + b"\x07\0\0\0" + content[table + 8 :])

    assert (read(path, 1) == written[1]).all()


def renamed(path: Path, pixels: NDArray[Any], frames: list[bytes], syntax: str) -> Path:
    """A file of compressed frames, in a transfer syntax that pydicom does not write."""
    content = wrap(path, dataset_of(pixels, HTJ2K), frames).read_bytes()
    told = HTJ2K.encode() + b"\0"
    path.write_bytes(content.replace(told, syntax.encode().ljust(len(told), b"\0")))
    return path


def packed(frames: NDArray[Any], syntax: str) -> list[bytes]:
    """Each frame compressed by itself."""
    found = []
    for frame in frames:
        dataset = dataset_of(frame, ExplicitVRLittleEndian)
        dataset.add_new("PixelData", "OW", frame.tobytes())
        dataset.compress(syntax)
        found.append(get_frame(dataset.PixelData, 0, number_of_frames=1))
    return found


def test_a_file_is_parsed_once_for_all_its_frames(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write(tmp_path / "a.dcm", smooth(3, 5, 7))
    asked: list[Path] = []

    def count(path: Path) -> pixel_file.PixelFile:
        asked.append(path)
        return pixel_file.open_pixels(path)

    monkeypatch.setattr(pixels, "open_pixels", count)
    for frame in range(3):
        read(path, frame)
    assert len(asked) == 1

    forget()
    read(path)
    assert len(asked) == 2


def test_a_file_that_was_written_anew_is_read_anew(tmp_path: Path) -> None:
    path = write(tmp_path / "a.dcm", smooth(5, 7))
    read(path)
    write(path, smooth(6, 8))

    assert read(path).shape == (6, 8)


@pytest.mark.parametrize("syntax", ["explicit", "big endian", "RLE", "JPEG-LS"])
def test_what_else_stands_in_unused_bits_does_not_count(tmp_path: Path, syntax: str) -> None:
    written = smooth(6, 7)
    garbage = written | ((smooth(6, 7, top=15) << 12).astype("uint16"))
    path = write(tmp_path / "a.dcm", garbage, SYNTAXES[syntax])
    dataset = dcmread(path)
    dataset.BitsStored, dataset.HighBit = 12, 11
    dataset.save_as(path)

    assert (read(path) == written).all()

    dataset.PixelRepresentation = 1
    dataset.save_as(path)
    assert (read(path) == np.where(written > 2047, written.astype(int) - 4096, written)).all()


def test_numbers_in_the_upper_bits_are_moved_down(tmp_path: Path) -> None:
    path = write(tmp_path / "a.dcm", smooth(6, 7) << 4, BitsStored=12, HighBit=15)

    assert (read(path) == smooth(6, 7)).all()


@pytest.mark.parametrize("signed", [False, True])
def test_the_header_says_whether_a_codestream_s_numbers_have_a_sign(
    tmp_path: Path, signed: bool
) -> None:
    """The codestream says the opposite."""
    written = smooth(32, 32).astype("int16") - 2048
    content = openjpeg.encode(
        (written & 4095).astype("uint16") if signed else written, bits_stored=12
    )
    dataset = dataset_of(written, JPEG2000Lossless, BitsStored=12, PixelRepresentation=int(signed))
    path = wrap(tmp_path / "a.dcm", dataset, [content])

    assert (read(path) == (written if signed else written & 4095)).all()


def test_signed_numbers_of_few_bits_in_jpeg_ls_keep_their_sign(tmp_path: Path) -> None:
    written = smooth(32, 32).astype("int16") - 2048
    content = jpeg_ls.encode_buffer((written & 4095).astype("<u2").tobytes(), 32, 32, 1, 12)
    path = wrap(tmp_path / "a.dcm", dataset_of(written, JPEGLSLossless), [bytes(content)])

    assert (read(path) == written).all()


def test_slope_and_intercept_give_values(tmp_path: Path) -> None:
    path = write(tmp_path / "a.dcm", smooth(6, 7))

    found = read(path, slope=2.0, intercept=-1024.0, dtype="int16")
    assert found.dtype == np.int16
    assert (found == smooth(6, 7).astype(int) * 2 - 1024).all()

    found = read(path, slope=0.1, intercept=-0.5, dtype="float32")
    assert found.dtype == np.float32
    assert (found == (smooth(6, 7) * 0.1 - 0.5).astype("float32")).all()


@settings(deadline=None)
@given(
    slope=st.integers(-9, 9).filter(bool),
    intercept=st.integers(-(2**20), 2**20),
    dtype=st.sampled_from(["uint8", "int16", "uint16", "int32"]),
)
def test_whole_values_are_exact_wherever_the_type_holds_them(
    slope: int, intercept: int, dtype: str
) -> None:
    stored = np.arange(-(2**15), 2**15, dtype=np.int16)
    exact = stored.astype(np.int64) * slope + intercept
    held = (exact >= np.iinfo(dtype).min) & (exact <= np.iinfo(dtype).max)

    assert (rescale(stored, slope, intercept, dtype)[held] == exact[held]).all()


def with_table(dataset: Dataset, first: int, numbers: NDArray[np.uint16]) -> Dataset:
    item = Dataset()
    item.add_new("LUTDescriptor", "SS", [len(numbers), first, 16])
    item.add_new("LUTData", "OW", numbers.tobytes())
    item.ModalityLUTType = "US"
    dataset.ModalityLUTSequence = [item]
    return dataset


def test_a_modality_look_up_table_gives_values_and_its_ends_go_on(tmp_path: Path) -> None:
    written = np.array([[-3, -2, -1], [0, 1, 2]], "int16")
    table = np.array([700, 300, 60000], "uint16")
    path = write(tmp_path / "a.dcm", written)
    with_table(dcmread(path), -2, table).save_as(path)

    assert read(path, dtype="uint16").tolist() == [[700, 700, 300], [60000, 60000, 60000]]


def test_the_table_of_an_angiogram_that_leads_back_to_the_beam_is_not_used(tmp_path: Path) -> None:
    written = smooth(4, 4, top=2)
    path = write(tmp_path / "a.dcm", written, Modality="XA", PixelIntensityRelationship="LOG")
    with_table(dcmread(path), 0, np.array([700, 300, 60000], "uint16")).save_as(path)

    assert (read(path) == written).all()


def test_a_modality_table_without_numbers_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path / "a.dcm", smooth(4, 4))
    with_table(dcmread(path), 0, np.array([], "uint16")).save_as(path)

    with pytest.raises(Refusal, match="table"):
        read(path)


@pytest.mark.parametrize("bits", [8, 16])
@pytest.mark.parametrize("first", [0, 10])
def test_a_palette_gives_colours(tmp_path: Path, bits: int, first: int) -> None:
    written = smooth(6, 7, top=19, dtype="uint8")
    colours = smooth(4, 3, top=255, dtype="uint8")
    path = write(tmp_path / "a.dcm", written, PhotometricInterpretation="PALETTE COLOR")
    dataset = dcmread(path)
    for name, channel in zip(("Red", "Green", "Blue"), colours.T, strict=True):
        words = channel if bits == 8 else channel.astype("uint16") << 8 | 77
        keyword = f"{name}PaletteColorLookupTable"
        dataset.add_new(f"{keyword}Descriptor", "US", [4, first, bits])
        dataset.add_new(f"{keyword}Data", "OW", words.tobytes())
    dataset.save_as(path)

    expected = colours[np.clip(written.astype(int) - first, 0, 3)]
    assert (read(path, dtype="uint8") == expected).all()
    assert (read_stored(Source(str(path))) == written).all()


def test_a_segmented_palette_is_written_out(tmp_path: Path) -> None:
    """As in PS3.3, C.7.9.2: discrete, linear, and one that repeats the linear one."""
    segments = [0, 2, 0, 10, 1, 4, 50, 2, 1, 8, 0]
    path = write(
        tmp_path / "a.dcm",
        np.arange(10, dtype="uint8").reshape(2, 5),
        PhotometricInterpretation="PALETTE COLOR",
    )
    dataset = dcmread(path)
    for name in ("Red", "Green", "Blue"):
        dataset.add_new(f"{name}PaletteColorLookupTableDescriptor", "US", [10, 0, 16])
        dataset.add_new(
            f"Segmented{name}PaletteColorLookupTableData",
            "OW",
            np.array(segments, "<u2").tobytes(),
        )
    dataset.save_as(path)

    # The repeated line runs from the 50 that stands before it to 50 again.
    expected = [0, 10, 20, 30, 40, 50, 50, 50, 50, 50]
    assert read(path, dtype="uint8")[..., 1].reshape(-1).tolist() == expected


def test_a_palette_picture_without_its_palette_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path / "a.dcm", smooth(4, 4), PhotometricInterpretation="PALETTE COLOR")

    with pytest.raises(Refusal, match="table"):
        read(path)


def to_ybr(colours: NDArray[Any]) -> NDArray[np.uint8]:
    """PS3.3, C.7.6.3.1.2."""
    matrix = np.array([[0.299, 0.587, 0.114], [-0.1687, -0.3313, 0.5], [0.5, -0.4187, -0.0813]])
    return np.clip(np.rint(colours @ matrix.T + [0, 128, 128]), 0, 255).astype("uint8")


@pytest.mark.parametrize("syntax", ["explicit", "RLE", "JPEG-LS"])
def test_luma_and_chroma_become_colours(tmp_path: Path, syntax: str) -> None:
    colours = smooth(8, 10, 3, top=255, dtype="uint8")
    path = write(tmp_path / "a.dcm", to_ybr(colours), SYNTAXES[syntax], SamplesPerPixel=3)
    dataset = dcmread(path)
    dataset.PhotometricInterpretation = "YBR_FULL"
    dataset.save_as(path)

    assert np.abs(read(path, dtype="uint8").astype(int) - colours).max() <= 2


def test_uncompressed_pixels_that_share_their_chroma_become_colours(tmp_path: Path) -> None:
    colours = np.repeat(smooth(8, 5, 3, top=255, dtype="uint8"), 2, axis=1)
    ybr = to_ybr(colours)
    pairs = np.concatenate([ybr[:, ::2, :1], ybr[:, 1::2, :1], ybr[:, ::2, 1:]], axis=-1)
    dataset = dataset_of(colours, SamplesPerPixel=3, PhotometricInterpretation="YBR_FULL_422")
    path = save(tmp_path / "a.dcm", dataset, pairs.tobytes(), "OB")

    assert np.abs(read(path, dtype="uint8").astype(int) - colours).max() <= 2


def test_chroma_that_is_said_to_be_shared_and_is_not_is_taken_as_it_is(tmp_path: Path) -> None:
    colours = smooth(8, 10, 3, top=255, dtype="uint8")
    path = write(
        tmp_path / "a.dcm",
        to_ybr(colours),
        SamplesPerPixel=3,
        PhotometricInterpretation="YBR_FULL_422",
    )

    assert np.abs(read(path, dtype="uint8").astype(int) - colours).max() <= 2


@pytest.mark.parametrize("syntax", UNCOMPRESSED)
def test_colours_stored_plane_by_plane_are_put_together(tmp_path: Path, syntax: str) -> None:
    colours = smooth(2, 8, 10, 3, top=255, dtype="uint8")
    dataset = dataset_of(colours, UNCOMPRESSED[syntax], SamplesPerPixel=3, PlanarConfiguration=1)
    path = save(tmp_path / "a.dcm", dataset, np.moveaxis(colours, -1, 1).tobytes(), "OB")

    assert (read(path, 1, dtype="uint8") == colours[1]).all()


def test_colours_of_16_bits_are_shown_by_their_upper_ones(tmp_path: Path) -> None:
    colours = smooth(8, 10, 3, top=65535)
    path = write(tmp_path / "a.dcm", colours, SamplesPerPixel=3)

    assert (read(path, dtype="uint8") == colours >> 8).all()


def test_colours_that_jpeg_2000_turned_are_turned_back(tmp_path: Path) -> None:
    colours = smooth(32, 32, 3, top=255, dtype="uint8")
    content = openjpeg.encode(colours, photometric_interpretation=1, use_mct=True)
    dataset = dataset_of(
        colours, JPEG2000Lossless, SamplesPerPixel=3, PhotometricInterpretation="YBR_RCT"
    )
    path = wrap(tmp_path / "a.dcm", dataset, [content])

    assert (read(path, dtype="uint8") == colours).all()


def blocks() -> NDArray[np.uint8]:
    """Colours that are alike within each block of 8 x 8, so that JPEG loses little."""
    return np.kron(smooth(4, 5, 3, top=255, dtype="uint8"), np.ones((8, 8, 1), "uint8"))


def jpeg_file(path: Path, content: bytes, photometric: str) -> Path:
    dataset = dataset_of(blocks(), JPEGBaseline8Bit, SamplesPerPixel=3)
    dataset.PhotometricInterpretation = photometric
    return wrap(path, dataset, [content])


def without_marker(content: bytes) -> bytes:
    """A JPEG without its JFIF or Adobe marker, which stands first."""
    assert content[2:4] in (b"\xff\xe0", b"\xff\xee")
    return content[:2] + content[4 + int.from_bytes(content[4:6], "big") :]


@pytest.mark.parametrize("photometric", ["YBR_FULL_422", "RGB"])
def test_a_jpeg_that_says_its_colours_is_believed(tmp_path: Path, photometric: str) -> None:
    path = jpeg_file(tmp_path / "a.dcm", jpeg(blocks()), photometric)

    assert np.abs(read(path, dtype="uint8").astype(int) - blocks()).max() <= 3


@pytest.mark.parametrize("photometric", ["YBR_FULL_422", "RGB"])
def test_of_a_jpeg_that_does_not_say_its_colours_the_header_does(
    tmp_path: Path, photometric: str
) -> None:
    ybr = photometric != "RGB"
    stream = jpeg(blocks()) if ybr else rgb_jpeg()
    path = jpeg_file(tmp_path / "a.dcm", without_marker(stream), photometric)

    assert np.abs(read(path, dtype="uint8").astype(int) - blocks()).max() <= 3


def rgb_jpeg() -> bytes:
    """A JPEG whose components are red, green and blue, and are named 1, 2 and 3."""
    file = io.BytesIO()
    Image.fromarray(blocks()).save(file, "JPEG", quality=100, subsampling=0, keep_rgb=True)
    content = file.getvalue()
    for letter, number in zip(b"RGB", (1, 2, 3), strict=True):
        for behind in (b"\x11\x00", b"\x00"):
            content = content.replace(bytes([letter]) + behind, bytes([number]) + behind, 1)
    return content


def test_a_jpeg_with_rgb_said_in_its_marker_is_not_turned(tmp_path: Path) -> None:
    file = io.BytesIO()
    Image.fromarray(blocks()).save(file, "JPEG", quality=100, subsampling=0, keep_rgb=True)
    path = jpeg_file(tmp_path / "a.dcm", file.getvalue(), "YBR_FULL_422")

    assert np.abs(read(path, dtype="uint8").astype(int) - blocks()).max() <= 3


def test_frames_of_one_bit_are_taken_apart_where_no_byte_begins(tmp_path: Path) -> None:
    written = smooth(4, 3, 5, top=1, dtype="uint8")  # 15 bits a frame
    dataset = dataset_of(written, BitsAllocated=1, BitsStored=1, HighBit=0)
    content = np.packbits(written.reshape(-1), bitorder="little").tobytes()
    path = save(tmp_path / "a.dcm", dataset, content, "OB")

    for frame in range(4):
        assert (read(path, frame, "uint8") == written[frame]).all()


def test_numbers_of_12_bits_without_gaps_are_read(tmp_path: Path) -> None:
    written = smooth(2, 3, 5)
    ones = (written.reshape(-1, 1) >> np.arange(12)) & 1
    dataset = dataset_of(written, BitsAllocated=12, BitsStored=12, HighBit=11)
    content = np.packbits(ones.reshape(-1).astype("uint8"), bitorder="little").tobytes()
    path = save(tmp_path / "a.dcm", dataset, content + b"\0" * (len(content) % 2))

    assert (read(path, 1) == written[1]).all()


@pytest.mark.parametrize(
    ("keyword", "dtype", "vr"),
    [("FloatPixelData", "float32", "OF"), ("DoubleFloatPixelData", "float64", "OD")],
)
@pytest.mark.parametrize("syntax", UNCOMPRESSED)
def test_float_pixels_are_read(
    tmp_path: Path, keyword: str, dtype: str, vr: str, syntax: str
) -> None:
    written = smooth(2, 5, 7).astype(dtype) / 7 - 100
    dataset = dataset_of(written, UNCOMPRESSED[syntax])
    order = ">" if syntax == "big endian" else "<"
    dataset.add_new(keyword, vr, written.astype(f"{order}f{written.itemsize}").tobytes())
    path = save(tmp_path / "a.dcm", dataset)

    assert (read(path, 1, dtype) == written[1]).all()


def test_pixel_data_of_an_odd_length_are_read(tmp_path: Path) -> None:
    written = smooth(3, 3, 3, top=255, dtype="uint8")
    path = write(tmp_path / "a.dcm", written, SamplesPerPixel=3)
    content = path.read_bytes()
    value = content.rindex(written.tobytes())
    odd = content[: value - 4] + (27).to_bytes(4, "little") + written.tobytes()
    path.write_bytes(odd)

    assert (read(path, dtype="uint8") == written).all()


def test_numbers_of_32_bits_are_read(tmp_path: Path) -> None:
    written = smooth(6, 7).astype("uint32") * 1_000_003
    path = write(tmp_path / "a.dcm", written)

    assert (read(path, dtype="float64") == written).all()


def test_bytes_kept_in_big_endian_words_are_turned(tmp_path: Path) -> None:
    written = smooth(3, 3, 5, top=255, dtype="uint8")  # the second frame begins at an odd place
    turned = np.append(written, np.uint8(0)).reshape(-1, 2)[:, ::-1].tobytes()
    path = save(tmp_path / "a.dcm", dataset_of(written, ExplicitVRBigEndian), turned, "OW")

    for frame in range(3):
        assert (read(path, frame, "uint8") == written[frame]).all()


def test_a_tile_of_a_mosaic_is_cut_out(tmp_path: Path) -> None:
    tiles = smooth(9, 4, 6)
    mosaic = tiles.reshape(3, 3, 4, 6).transpose(0, 2, 1, 3).reshape(12, 18)
    path = write(tmp_path / "a.dcm", mosaic)

    for number in range(7):
        assert (read(path, tile=number, tiles=7) == tiles[number]).all()


@pytest.mark.parametrize("syntax", ["implicit", "explicit"])
def test_a_cut_file_is_refused_with_the_bytes_that_are_there(tmp_path: Path, syntax: str) -> None:
    path = write(tmp_path / "a.dcm", smooth(2, 40, 50), UNCOMPRESSED[syntax])
    path.write_bytes(path.read_bytes()[:-62])

    assert (read(path, 0) == smooth(2, 40, 50)[0]).all()
    with pytest.raises(Refusal) as refused:
        read(path, 1)
    assert "picture 2 of 2 takes 4,000 bytes, 3,938 of them are there." in refused.value.reason


def test_pixel_data_shorter_than_the_picture_are_refused(tmp_path: Path) -> None:
    path = write(tmp_path / "a.dcm", smooth(40, 50))
    dataset = dcmread(path)
    dataset.Rows = 41
    dataset.save_as(path)

    with pytest.raises(Refusal, match="takes 4,100 bytes, 4,000 of them are there"):
        read(path)


@pytest.mark.parametrize("lost", [3, 20, 400])
@pytest.mark.parametrize("syntax", LOSSLESS)
def test_a_compressed_picture_that_ends_early_is_refused(
    tmp_path: Path, syntax: str, lost: int
) -> None:
    """Both where the file is cut and where the picture was cut before it was wrapped."""
    written = smooth(40, 50)
    (content,) = packed(written[None], LOSSLESS[syntax])
    content = content.rstrip(b"\0")
    dataset = dataset_of(written, LOSSLESS[syntax])
    cut = wrap(tmp_path / "cut.dcm", dataset, [content[:-lost]])
    with pytest.raises(Refusal):
        read(cut)

    path = wrap(tmp_path / "a.dcm", dataset_of(written, LOSSLESS[syntax]), [content])
    path.write_bytes(path.read_bytes()[: -8 - lost - len(content) % 2])
    with pytest.raises(Refusal):
        read(path)


@pytest.mark.parametrize("lost", [1, 3, 20, 400])
def test_a_jpeg_that_ends_early_is_refused(tmp_path: Path, lost: int) -> None:
    path = jpeg_file(tmp_path / "a.dcm", jpeg(blocks())[:-lost], "YBR_FULL_422")

    with pytest.raises(Refusal, match="ends early"):
        read(path)


@pytest.mark.parametrize("lost", [1, 3, 20, 400])
def test_a_jpeg_lossless_picture_that_ends_early_is_refused(tmp_path: Path, lost: int) -> None:
    whole = dcmread(write_jpeg_lossless(tmp_path / "a.dcm", smooth(40, 50)))
    content = get_frame(whole.PixelData, 0, number_of_frames=1).rstrip(b"\0")
    dataset = dataset_of(smooth(40, 50), JPEGLosslessSV1)
    path = wrap(tmp_path / "b.dcm", dataset, [content[:-lost]])

    with pytest.raises(Refusal, match="ends early"):
        read(path)


def test_a_frame_that_is_not_there_is_refused(tmp_path: Path) -> None:
    written = smooth(3, 32, 32)
    frames = packed(written, JPEGLSLossless)[:2]
    path = wrap(tmp_path / "a.dcm", dataset_of(written, JPEGLSLossless), frames, table="none")

    assert (read(path, 1) == written[1]).all()
    with pytest.raises(Refusal, match="holds 3 pictures; 2 were found"):
        read(path, 2)


def test_a_picture_of_another_size_than_the_header_says_is_refused(tmp_path: Path) -> None:
    frames = packed(smooth(1, 32, 32), JPEG2000Lossless)
    path = wrap(tmp_path / "a.dcm", dataset_of(smooth(32, 40), JPEG2000Lossless), frames)

    with pytest.raises(Refusal, match=r"32 x 32 pixels.* the header says 40 x 32"):
        read(path)


def test_bytes_that_are_no_codestream_are_refused(tmp_path: Path) -> None:
    path = wrap(tmp_path / "a.dcm", dataset_of(smooth(32, 40), JPEG2000), [b"\x07" * 100])

    with pytest.raises(Refusal, match="cannot be unpacked"):
        read(path)


@pytest.mark.parametrize(
    ("syntax", "word"),
    [
        ("1.2.840.10008.1.2.4.110", "JPEG XL"),
        ("1.2.840.10008.1.2.4.100", "MPEG-2"),
        ("1.2.840.10008.1.2.4.107", "film"),
        ("1.2.840.10008.1.2.4.94", "JPIP"),
        ("1.2.840.10008.1.2.4.205", "JPIP"),
        ("1.3.6.1.4.1.9999.1", "not known"),
    ],
)
def test_a_picture_packed_in_a_way_that_is_not_read_is_refused_by_name(
    tmp_path: Path, syntax: str, word: str
) -> None:
    with pytest.raises(Refusal, match=word):
        read(renamed(tmp_path / "a.dcm", smooth(4, 4), [b"\0" * 20], syntax))


def test_a_film_in_several_pieces_is_a_film() -> None:
    assert "film" in str(why_unreadable("1.2.840.10008.1.2.4.102.1"))


def test_compressed_data_in_a_file_that_says_it_is_not_are_refused(tmp_path: Path) -> None:
    path = renamed(tmp_path / "a.dcm", smooth(4, 4), [b"\0" * 20], ExplicitVRLittleEndian)

    with pytest.raises(Refusal, match="in pieces"):
        read(path)


def test_colours_of_a_kind_that_is_not_read_are_refused_by_name(tmp_path: Path) -> None:
    dataset = dataset_of(smooth(4, 4, 3, top=255, dtype="uint8"), SamplesPerPixel=3)
    dataset.PhotometricInterpretation = "CMYK"
    path = save(tmp_path / "a.dcm", dataset, b"\0" * 48, "OB")

    with pytest.raises(Refusal, match="CMYK"):
        read(path)


def test_a_file_that_is_gone_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refusal, match="no such file"):
        read(tmp_path / "gone.dcm")


@pytest.mark.parametrize("syntax", LOSSLESS)
def test_a_second_reader_finds_the_same_numbers(tmp_path: Path, syntax: str) -> None:
    path = write(tmp_path / "a.dcm", smooth(35, 40), LOSSLESS[syntax], BitsStored=12)

    assert (read(path) == sitk.GetArrayFromImage(sitk.ReadImage(str(path)))[0]).all()


def test_a_run_length_segment_that_holds_too_much_is_read_all_the_same(tmp_path: Path) -> None:
    """As some archives write it: a run that goes on beyond the picture's last row."""
    written = np.full((8, 8), 7, "uint8")
    segment = bytes([257 - 64, 7]) + bytes([257 - 4, 9])  # 64 sevens and four nines
    content = np.array([1, 64, *[0] * 14], "<u4").tobytes() + segment
    path = wrap(tmp_path / "a.dcm", dataset_of(written, RLELossless), [content])

    assert (read(path) == written).all()


def test_a_jpeg_that_lacks_its_second_half_and_has_its_end_is_refused(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """The JPEG library only prints that there are too few data, and fills the rest with grey."""
    content = jpeg(blocks())
    path = jpeg_file(tmp_path / "a.dcm", content[: -len(content) // 4] + b"\xff\xd9", "RGB")

    with pytest.raises(Refusal, match="damaged"):
        read(path)
    assert capfd.readouterr().err == ""


def test_colours_of_fewer_bits_than_the_header_says_are_as_bright(tmp_path: Path) -> None:
    """The codestream knows best how many bits it holds."""
    colours = smooth(32, 32, 3)
    content = openjpeg.encode(colours, bits_stored=12, photometric_interpretation=1)
    dataset = dataset_of(colours, JPEG2000Lossless, SamplesPerPixel=3)
    path = wrap(tmp_path / "a.dcm", dataset, [content])

    assert (read(path, dtype="uint8") == colours >> 4).all()
