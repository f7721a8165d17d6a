"""The table of elements against the standard's dictionary, as pydicom has it."""

from pydicom.datadict import dictionary_keyword, dictionary_VR

from engine.images.dicom import tags

AMBIGUOUS = ("US or SS", "OB or OW", "US or OW")


def test_elements_are_called_and_written_as_in_the_standard() -> None:
    named = {name: tag for name, tag in vars(tags).items() if isinstance(tag, int) and tag > 0xFFFF}
    for name, tag in named.items():
        assert dictionary_keyword(tag).upper() == name.replace("_", "")
        if tag in tags.WANTED and (vr := dictionary_VR(tag)) not in AMBIGUOUS:
            assert tags.WANTED[tag] == vr, name
