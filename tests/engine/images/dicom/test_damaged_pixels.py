"""DICOM pictures that are not whole, or packed in a way that is not read."""

from pathlib import Path

import pytest
from pydicom import dcmread
from pydicom.encaps import get_frame
from pydicom.uid import (
    JPEG2000,
    ExplicitVRLittleEndian,
    JPEG2000Lossless,
    JPEGLosslessSV1,
    JPEGLSLossless,
)
from written import (
    LOSSLESS,
    UNCOMPRESSED,
    blocks,
    dataset_of,
    jpeg,
    jpeg_file,
    packed,
    read,
    renamed,
    smooth,
    wrap,
    write,
    write_jpeg_lossless,
)

from engine.errors import Refusal
from engine.images.dicom.syntaxes import why_unreadable


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


def test_a_file_that_is_gone_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refusal, match="no such file"):
        read(tmp_path / "gone.dcm")


def test_a_jpeg_that_lacks_its_second_half_and_has_its_end_is_refused(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """The JPEG library only prints that there are too few data, and fills the rest with grey."""
    content = jpeg(blocks())
    path = jpeg_file(tmp_path / "a.dcm", content[: -len(content) // 4] + b"\xff\xd9", "RGB")

    with pytest.raises(Refusal, match="damaged"):
        read(path)
    assert capfd.readouterr().err == ""
