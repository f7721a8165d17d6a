"""What a DICOM header tells of whose eye a photograph shows, without who that is."""

import hashlib
import re

from engine.eyes.which import EyeFacts
from engine.images.dicom.header import Header
from engine.images.dicom.photograph import laterality_in

_PLACEHOLDER = re.compile(
    r"[\s0x.^_*-]*|anon.*|unknown|none|no ?(id|name)|n/?a|test|removed|deleted", re.IGNORECASE
)
"""What stands where a patient was made nameless: many patients share it."""


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
