"""Which DICOM files are photographs: told by their headers alone."""

from engine.images.dicom.header import Header
from engine.images.dicom.values import is_colour

_OPHTHALMIC = tuple(f"1.2.840.10008.5.1.4.1.1.77.1.5.{last}" for last in (1, 2, 5, 6))

_OF_CAMERAS = (
    "1.2.840.10008.5.1.4.1.1.7",  # secondary capture
    "1.2.840.10008.5.1.4.1.1.7.4",  # the same, true colour
    "1.2.840.10008.5.1.4.1.1.77.1",  # visible light, retired
    "1.2.840.10008.5.1.4.1.1.77.1.1",  # endoscope
    "1.2.840.10008.5.1.4.1.1.77.1.2",  # microscope
    "1.2.840.10008.5.1.4.1.1.77.1.3",  # the same, with stage coordinates
    "1.2.840.10008.5.1.4.1.1.77.1.4",  # photographic
    "1.2.840.10008.5.1.4.1.1.77.1.7",  # dermatoscope
)

_MODALITIES = ("", "OP", "XC", "OT", "SC", "ES", "GM", "DMS", "FS", "FA")
"""Those of cameras, or of nothing in particular."""


def is_photograph(header: Header) -> bool:
    """Whether a file goes the photograph's way, and not the volume's.

    Decided: an Ophthalmic Photography object does, grey or colour, whatever its number of frames.
    Anything else does if it is a single colour picture that a camera or nobody in particular made
    (a secondary capture or a visible-light object) and that has no place in patient space. What a
    scanner made never does (CT, MR, PET, nuclear medicine, ultrasound, any X-ray, OCT), not even
    as a secondary capture in colour, and nor does anything grey that is not ophthalmic.
    """
    if header.sop_class in _OPHTHALMIC:
        return True
    return (
        header.sop_class in _OF_CAMERAS
        and header.modality in _MODALITIES
        and header.frame_count == 1
        and header.first.position is None
        and (is_colour(header) or header.modality == "OP")
    )
