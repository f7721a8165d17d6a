"""What a DICOM header tells of whose eye a photograph shows, without who that is."""

import hashlib
import re
from collections.abc import Callable, Sequence
from pathlib import Path

from engine.eyes.which import EyeFacts
from engine.images.dicom.header import Header
from engine.images.dicom.photograph import laterality_in
from engine.listing import RefusedFile
from engine.task import Task

ReadHeaders = Callable[[Sequence[Path], Task], tuple[Sequence[Header], Sequence[RefusedFile]]]
"""Reads the headers of files, as ``images.dicom.scan.scan`` does."""

_PLACEHOLDER = re.compile(
    r"[\s0x.^_*-]*|anon.*|unknown|none|no ?(id|name)|n/?a|test|removed|deleted", re.IGNORECASE
)
"""What stands where a patient was made nameless: many patients share it."""


_WITHOUT = frozenset(
    (".jpg", ".jpeg", ".jpe", ".png", ".tif", ".tiff", ".bmp", ".webp", ".csv", ".txt", ".json")
)
"""Endings of files that have no DICOM header: of such photographs the name tells."""
MOST = 2000
"""So many files of a folder are looked into: more is an archive, not a patient's visit."""


def files_with_headers(paths: Sequence[Path]) -> list[Path]:
    """These files and those in these folders, not further down, that may have a header."""
    files: list[Path] = []
    for path in paths:
        try:
            inside = sorted(path.iterdir())[:MOST] if path.is_dir() else [path]
            files += [each for each in inside if each.is_file()]
        except OSError:  # a folder that may be read only one file at a time
            continue
    return [file for file in files if file.suffix.lower() not in _WITHOUT]


def eye_facts(header: Header) -> EyeFacts:
    """Eye, patient and visit by a header; the patient as a hash of number and name.

    A placeholder in the number's place names nobody: then only one study is one patient's.
    """
    number, name = header.patient_id.strip(), header.patient_name.strip()
    patient = ""
    if not _PLACEHOLDER.fullmatch(number):
        patient = hashlib.sha256(repr((number, name)).encode()).hexdigest()
    return EyeFacts(
        header.path,
        laterality_in(header),
        patient,
        header.study_uid,
        header.study_date,
        header.acquisition_time,
    )
