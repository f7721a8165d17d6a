"""The headers of many files: in their order, without one hiding another."""

import pickle
from collections.abc import Sequence
from pathlib import Path

import msgspec
import pytest
from dicom_files import dataset, save
from pydicom import Dataset
from pydicom.uid import BasicTextSRStorage

from engine.errors import Cancelled
from engine.images.dicom.header import Header
from engine.images.dicom.scan import CHUNK, scan, scan_chunk
from engine.task import Task


def folder(tmp_path: Path, count: int) -> list[Path]:
    first = save(tmp_path / "0.dcm", dataset()).read_bytes()
    paths = [tmp_path / f"{number}.dcm" for number in range(count)]
    for path in paths:
        path.write_bytes(first)
    return paths


def test_headers_come_in_the_order_of_their_paths(tmp_path: Path) -> None:
    paths = folder(tmp_path, 3)[::-1]

    headers, refused = scan(paths, Task())

    assert [header.path for header in headers] == [str(path) for path in paths]
    assert refused == ()


def test_a_bad_file_never_hides_the_good_ones(tmp_path: Path) -> None:
    paths = folder(tmp_path, 4)
    paths[1].write_bytes(paths[1].read_bytes()[:-5])
    paths[2].write_bytes(b"A letter, not a picture.")

    headers, refused = scan(paths, Task())

    assert [header.path for header in headers] == [str(paths[0]), str(paths[3])]
    assert [each.path for each in refused] == [str(paths[1]), str(paths[2])]
    assert "1.dcm" in refused[0].reason


def test_only_what_nobody_expects_to_see_is_quiet(tmp_path: Path) -> None:
    report = Dataset()
    report.SOPClassUID = BasicTextSRStorage
    cut = save(tmp_path / "cut.dcm", dataset())
    cut.write_bytes(cut.read_bytes()[:-5])
    letter = tmp_path / "letter.txt"
    letter.write_text("A letter.")

    _, refused = scan([save(tmp_path / "report.dcm", report), letter, cut], Task())

    assert [each.quiet for each in refused] == [True, True, False]


def test_progress_is_told_to_the_end(tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    paths = folder(tmp_path, 2) * CHUNK

    scan(paths, Task(lambda _, done, total: told.append((done, total))))

    assert told == [(0, 2 * CHUNK), (CHUNK, 2 * CHUNK), (2 * CHUNK, 2 * CHUNK)]


def test_a_cancel_is_heeded(tmp_path: Path) -> None:
    task = Task(lambda _, done, total: task.cancel())

    with pytest.raises(Cancelled):
        scan(folder(tmp_path, 2) * CHUNK, task)


def test_nothing_to_scan_is_nothing_found() -> None:
    assert scan([], Task()) == ((), ())


def test_what_a_chunk_holds_travels_between_processes(tmp_path: Path) -> None:
    paths = folder(tmp_path, 2)
    paths[1].write_bytes(b"A letter.")

    found: Sequence[object] = scan_chunk(paths)

    assert pickle.loads(pickle.dumps(found)) == found
    assert msgspec.json.decode(msgspec.json.encode(found[0]), type=Header) == found[0]
