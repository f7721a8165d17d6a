"""Any damage to a volume's file ends in a volume or in a refusal, and in nothing else."""

import gzip
from pathlib import Path

import numpy as np
import pytest
import SimpleITK as sitk
import volume_files as files
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.errors import Refusal
from engine.images.catalogue import list_pictures
from engine.images.load import load
from engine.pictures import Volume
from engine.task import Task

MOST = 50_000_000
"""Bytes: damage to a small file must not take more."""


def by_simpleitk(ending: str, folder: Path) -> bytes:
    path = folder / f"whole.{ending}"
    image = sitk.GetImageFromArray(np.arange(60, dtype=np.int16).reshape(3, 4, 5))
    sitk.WriteImage(image, str(path), True)
    return path.read_bytes()


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    folder = tmp_path_factory.mktemp("whole")
    values = files.ramp()
    return {
        "nifti": files.nifti(values),
        "second nifti": files.nifti2(values, qform=files.PLAIN),
        "sheared": files.nifti(values, sform=files.SHEARED),
        "scaled": files.nifti(values, scl_slope=0.5, scl_inter=3, big=True),
        "packed": gzip.compress(files.nifti(values), mtime=0),
        "nrrd": by_simpleitk("nrrd", folder),
        "mha": by_simpleitk("mha", folder),
    }


FORMS = ["nifti", "second nifti", "sheared", "scaled", "packed", "nrrd", "mha"]


@settings(
    max_examples=400, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    form=st.sampled_from(FORMS),
    changes=st.lists(st.tuples(st.integers(0, 560), st.binary(min_size=1, max_size=4)), max_size=4),
    cut=st.one_of(st.just(1.0), st.floats(0, 1)),
)
def test_a_damaged_file_opens_or_is_refused_and_nothing_else(
    form: str,
    changes: list[tuple[int, bytes]],
    cut: float,
    whole: dict[str, bytes],
    tmp_path: Path,
) -> None:
    content = bytearray(whole[form])
    for at, change in changes:
        at %= len(content)
        content[at : at + len(change)] = change
    path = tmp_path / "damaged"
    path.write_bytes(bytes(content[: int(cut * len(content))]))
    catalogue = list_pictures([path], tmp_path, Task())
    assert catalogue.planned or catalogue.listing.refused
    for entry in catalogue.listing.entries:
        if entry.bytes_needed > MOST:
            continue  # the room that it takes is told before it is read
        try:
            volume = load(catalogue.planned[entry.key], Task())
        except Refusal:
            continue
        assert isinstance(volume, Volume)
        assert volume.values.nbytes == entry.bytes_needed


WORDS = st.sampled_from(
    ["", "0", "-1", "nan", "inf", "1e400", "99999999999999999999", "two", "(1,0", "none", "\0", "é"]
)


@settings(
    max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    form=st.sampled_from(["nrrd", "mha"]),
    line=st.integers(0, 20),
    words=st.lists(WORDS, max_size=4),
)
def test_a_senseless_line_in_a_text_header_is_refused_or_read(
    form: str, line: int, words: list[str], whole: dict[str, bytes], tmp_path: Path
) -> None:
    mark = b": " if form == "nrrd" else b" = "
    lines = whole[form].split(b"\n")
    line = 1 + line % 12
    name = lines[line].partition(mark)[0]
    lines[line] = name + mark + " ".join(words).encode()
    path = tmp_path / "damaged"
    path.write_bytes(b"\n".join(lines))
    catalogue = list_pictures([path], tmp_path, Task())
    for entry in catalogue.listing.entries:
        assert entry.facts.grid.rows is None or np.isfinite(entry.facts.grid.rows).all()
        if entry.bytes_needed <= MOST:
            try:
                load(catalogue.planned[entry.key], Task())
            except Refusal:
                continue
