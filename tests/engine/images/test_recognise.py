"""The kind of a file, by its bytes alone."""

import gzip

import numpy as np
import pytest
import volume_files as files

from engine.images.recognise import ENOUGH, Kind, kind_of

HEAD, _ = files.pair(files.ramp())
META = b"\2\0\0\0UL\4\0\x20\0\0\0"


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (files.nifti(files.ramp()), Kind.NIFTI),
        (files.nifti(files.ramp(), big=True), Kind.NIFTI),
        (files.nifti2(files.ramp()), Kind.NIFTI),
        (HEAD, Kind.NIFTI_PAIR),
        (gzip.compress(files.nifti(files.ramp()), mtime=0), Kind.NIFTI),
        (gzip.compress(HEAD, mtime=0), Kind.NIFTI_PAIR),
        (b"\x5c\1\0\0" + bytes(344), Kind.ANALYZE),
        (b"\0\0\1\x5c" + bytes(344), Kind.ANALYZE),
        (b"NRRD0004\ntype: short\n", Kind.NRRD),
        (b"ObjectType = Image\nNDims = 3\n", Kind.METAIMAGE),
        (b"Comment = nothing\r\nNDims = 3\r\n", Kind.METAIMAGE),
        (b"PK\3\4" + bytes(40), Kind.ZIP),
        (gzip.compress(b"anything", mtime=0), Kind.GZIP),
        (bytes(128) + b"DICM" + META, Kind.DICOM),
        (b"\x08\0\5\0CS\x0a\0ISO_IR 100", Kind.DICOM),
        (b"\x08\0\5\0\x0a\0\0\0ISO_IR 100", Kind.DICOM),
        (b"\0\x08\0\5CS\0\x0aISO_IR 100", Kind.DICOM),
        (b" \x08\0\5\0CS\x0a\0ISO_IR 100", Kind.DICOM),
        (b"II*\0" + bytes(124) + b"DICM" + META, Kind.DICOM),
        (b"\x5c\1\0\0" + bytes(124) + b"DICM" + META, Kind.DICOM),
        (gzip.compress(b"\x5c\1\0\0" + bytes(124) + b"DICM" + META, mtime=0), Kind.GZIP),
        (
            bytes(128) + b"DICM" + META + b"\2\0\2\0UI\x14\x001.2.840.10008.1.3.10\2\0\3\0",
            Kind.DICOMDIR,
        ),
        (b"\xff\xd8\xff\xe0", Kind.JPEG),
        (b"Dear colleague, NDims = 3\n", None),
        (b"", None),
        (np.random.default_rng(1).bytes(ENOUGH), None),
        (bytes(ENOUGH), None),
    ],
)
def test_a_file_is_known_by_its_first_bytes(content: bytes, kind: Kind | None) -> None:
    assert kind_of(content[:ENOUGH]) is kind
