"""Names in the letters of the person, from the standard's own examples (PS3.5, H to K)."""

from pathlib import Path

import pytest
from dicom_files import REAL, dataset, raw, save

from engine.images.dicom.parsing import parse
from engine.images.dicom.reading import read_header
from engine.images.dicom.tags import PATIENT_NAME
from engine.images.dicom.text import Letters

EXAMPLES = {
    "chrArab": "قباني^لنزار",
    "chrFren": "Buc^Jérôme",
    "chrGerm": "Äneas^Rüdiger",
    "chrGreek": "Διονυσιος",
    "chrH31": "Yamada^Tarou=山田^太郎=やまだ^たろう",
    "chrH32": "ﾔﾏﾀﾞ^ﾀﾛｳ=山田^太郎=やまだ^たろう",
    "chrHbrw": "שרון^דבורה",
    "chrI2": "Hong^Gildong=洪^吉洞=홍^길동",
    "chrKoreanMulti": "김희중",
    "chrRuss": "Люкceмбypг",
    "chrX1": "Wang^XiaoDong=王^小東=",
    "chrX2": "Wang^XiaoDong=王^小东=",
}


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_standards_examples_are_read(name: str) -> None:
    elements = parse(REAL / "charset_files" / f"{name}.dcm").elements

    assert Letters(elements).text(PATIENT_NAME) == EXAMPLES[name]


def name_in(tmp_path: Path, sets: bytes, written: bytes) -> str:
    path = save(tmp_path / "a.dcm", dataset())
    content = path.read_bytes()
    before, after = content.index(b"\x08\x00\x16\x00"), content.index(b"\x28\x00\x02\x00")
    path.write_bytes(
        content[:before]
        + raw(0x00080005, b"CS", sets)
        + content[before:after]
        + raw(PATIENT_NAME, b"PN", written + b" " * (len(written) % 2))
        + content[after:]
    )
    return read_header(path).patient_name


@pytest.mark.parametrize(
    ("sets", "written", "expected"),
    [
        (b"", "Jérôme".encode(), "Jérôme"),
        (b"", "Jérôme".encode("latin-1"), "Jérôme"),
        (b"ISO_IR 6", "Jérôme".encode(), "Jérôme"),
        (b"ISO_IR 192", "Jérôme".encode("latin-1"), "Jérôme"),
        (b"ISO_IR 100", "Jérôme".encode("latin-1"), "Jérôme"),
        (b"ISO IR 100", "Jérôme".encode("latin-1"), "Jérôme"),
        (b"KLINGON ", "Jérôme".encode(), "Jérôme"),
        (b"ISO_IR\x00192", "Jérôme".encode(), "Jérôme"),
        (b"GB18030 ", "王^小东".encode("gb18030"), "王 小东"),
        (b"ISO_IR 13", "ﾔﾏﾀﾞ^ﾀﾛｳ".encode("shift_jis"), "ﾔﾏﾀﾞ ﾀﾛｳ"),
        (b"\\ISO 2022 IR 87", b"\x1b$B;3ED\x1b(B^\x1b$BB@O:\x1b(B", "山田 太郎"),
        (b"\\ISO 2022 IR 58", b"\x1b$)A\xcd\xf5^\x1b$)A\xd0\xa1\xb6\xab", "王 小东"),
    ],
)
def test_a_name_is_read_in_sets_that_are_told_wrongly_or_not_at_all(
    tmp_path: Path, sets: bytes, written: bytes, expected: str
) -> None:
    assert name_in(tmp_path, sets, written) == expected


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (b"Doe^Jane", "Doe Jane"),
        (b"Doe^Jane^^Dr^PhD", "Doe Jane Dr PhD"),
        (b"^^^^", ""),
        (b" Doe ^ ", "Doe"),
        (b"Doe", "Doe"),
        (b"", ""),
    ],
)
def test_a_name_is_told_in_its_parts(tmp_path: Path, written: bytes, expected: str) -> None:
    assert name_in(tmp_path, b"", written) == expected


def test_a_name_in_other_letters_alone_is_told_in_them(tmp_path: Path) -> None:
    for empty in ("", "^", " ^ "):
        written = f"{empty}=王^小東".encode()
        assert name_in(tmp_path, b"ISO_IR 192", written) == "王 小東"
