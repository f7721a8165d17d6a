"""What a DICOM file is that holds no picture, in words."""

_BY_SOP_CLASS = {
    "1.2.840.10008.5.1.4.1.1.4.2": "MR spectroscopy",
    "1.2.840.10008.5.1.4.1.1.66": "raw data",
    "1.2.840.10008.5.1.4.1.1.66.1": "a spatial registration",
    "1.2.840.10008.5.1.4.1.1.66.2": "spatial fiducials",
    "1.2.840.10008.5.1.4.1.1.66.3": "a deformable registration",
    "1.2.840.10008.5.1.4.1.1.66.5": "a surface segmentation",
    "1.2.840.10008.5.1.4.1.1.66.6": "a tractography result",
    "1.2.840.10008.5.1.4.1.1.67": "a real-world value mapping",
    "1.2.840.10008.5.1.4.1.1.88.59": "a key object selection, a list of pictures",
    "1.2.840.10008.5.1.4.1.1.104.1": "a PDF document",
    "1.2.840.10008.5.1.4.1.1.104.2": "a clinical document",
    "1.2.840.10008.5.1.4.1.1.481.3": "a radiotherapy structure set, outlines without a picture",
    "1.2.840.10008.5.1.4.1.1.481.4": "a radiotherapy treatment record",
    "1.2.840.10008.5.1.4.1.1.481.5": "a radiotherapy plan",
    "1.2.840.10008.5.1.4.1.1.481.6": "a radiotherapy treatment record",
    "1.2.840.10008.5.1.4.1.1.481.7": "a radiotherapy treatment record",
    "1.2.840.10008.5.1.4.1.1.481.8": "a radiotherapy plan for ions",
    "1.2.840.10008.5.1.4.1.1.481.9": "a radiotherapy treatment record",
}
_BY_FAMILY = {
    "1.2.840.10008.5.1.4.1.1.9.": "a waveform, such as an ECG",
    "1.2.840.10008.5.1.4.1.1.11.": "a presentation state, which says how pictures are shown",
    "1.2.840.10008.5.1.4.1.1.88.": "a structured report",
    "1.2.840.10008.5.1.4.1.1.104.": "a document",
}
_BY_MODALITY = {
    "SR": "a structured report",
    "KO": "a key object selection, a list of pictures",
    "PR": "a presentation state, which says how pictures are shown",
    "RTSTRUCT": "a radiotherapy structure set, outlines without a picture",
    "RTPLAN": "a radiotherapy plan",
    "RTRECORD": "a radiotherapy treatment record",
    "REG": "a spatial registration",
    "ECG": "an ECG",
    "DOC": "a document",
}


def what_it_is(sop_class: str, modality: str) -> str:
    """What a file without a picture is, such as "a structured report"; empty if unknown."""
    if word := _BY_SOP_CLASS.get(sop_class):
        return word
    for family, word in _BY_FAMILY.items():
        if sop_class.startswith(family):
            return word
    return _BY_MODALITY.get(modality, "")
