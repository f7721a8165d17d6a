"""What the bits of a DICOM picture mean: numbers, signs, tables, values."""

from pathlib import Path

import jpeg_ls
import numpy as np
import openjpeg
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from pydicom import Dataset, dcmread
from pydicom.uid import (
    ExplicitVRBigEndian,
    JPEG2000Lossless,
    JPEGLSLossless,
)
from written import (
    SYNTAXES,
    UNCOMPRESSED,
    dataset_of,
    read,
    save,
    smooth,
    wrap,
    write,
)

from engine.errors import Refusal
from engine.images.dicom.pixels import rescale


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
