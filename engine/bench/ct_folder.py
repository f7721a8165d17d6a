"""A folder of small CT series whose headers are as long as those of real scanners."""

from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from engine.task import Task

if TYPE_CHECKING:
    from pydicom import Dataset
    from pydicom.dataset import FileDataset

_CT = "1.2.840.10008.5.1.4.1.1.2"
_ROOT = "1.2.826.0.1.3680043.10.999"
_SIZE = 64
_SERIES_A_STUDY = 4
_STEP = 2.5

# Stand in the pattern of a series for what differs from picture to picture; of the same length.
_UID = f"{_ROOT}.4.99999"
_PLACE = "-9999.9999"
_NUMBER = "99998"


def make(folder: Path, series: int, slices: int, task: Task) -> None:
    """Write ``series`` series of ``slices`` CT pictures of 64 x 64 pixels into a new folder.

    Raises:
        Cancelled: the task was cancelled.
    """
    folder.mkdir()
    for number in task.over(range(series), "Writing a folder to list", series):
        pattern = _pattern(number)
        for at in range(slices):
            content = pattern.replace(_UID.encode(), f"{_ROOT}.4.{10_000 + at}".encode())
            content = content.replace(_PLACE.encode(), f"{-500 + _STEP * at:010.4f}".encode())
            content = content.replace(_NUMBER.encode(), f"{1 + at:05}".encode())
            (folder / f"{number:03}-{at:04}.dcm").write_bytes(content)


def _pattern(number: int) -> bytes:
    """The file of a picture of series ``number``."""
    from pydicom import FileDataset
    from pydicom.dataset import FileMetaDataset
    from pydicom.uid import UID, ExplicitVRLittleEndian

    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID = UID(_CT)
    meta.MediaStorageSOPInstanceUID = UID(f"{_UID}.{number}")
    meta.TransferSyntaxUID = ExplicitVRLittleEndian
    meta.ImplementationClassUID = UID(f"{_ROOT}.1")
    dataset = FileDataset("", {}, file_meta=meta, preamble=bytes(128))
    _identify(dataset, number)
    _describe_scan(dataset)
    _place(dataset)
    _add_private(dataset)
    content = BytesIO()
    dataset.save_as(content, enforce_file_format=True)
    return content.getvalue()


def _identify(dataset: "FileDataset", number: int) -> None:
    study = number // _SERIES_A_STUDY
    dataset.SpecificCharacterSet = "ISO_IR 100"
    dataset.ImageType = ["ORIGINAL", "PRIMARY", "AXIAL", "HELIX"]
    dataset.SOPClassUID = _CT
    dataset.SOPInstanceUID = f"{_UID}.{number}"
    for word in ("InstanceCreation", "Study", "Series", "Acquisition", "Content"):
        setattr(dataset, f"{word}Date", f"202402{1 + study:02}")
        setattr(dataset, f"{word}Time", f"1012{number % 60:02}.000000")
    dataset.AccessionNumber = f"A{study:06}"
    dataset.Modality = "CT"
    dataset.Manufacturer = "A manufacturer"
    dataset.InstitutionName = "A hospital"
    dataset.InstitutionAddress = "A street in a town"
    dataset.ReferringPhysicianName = "Phantom^Physician"
    dataset.StationName = "CT1"
    dataset.StudyDescription = "CT chest with contrast"
    dataset.ProcedureCodeSequence = [_code("CTCHEST", "CT of the chest")]
    dataset.SeriesDescription = f"Axial, kernel {number % _SERIES_A_STUDY}"
    dataset.InstitutionalDepartmentName = "Radiology"
    dataset.PerformingPhysicianName = ""
    dataset.OperatorsName = "Phantom^Operator"
    dataset.ManufacturerModelName = "A model"
    dataset.ReferencedStudySequence = [_reference("1.2.840.10008.3.1.2.3.1", 1)]
    dataset.ReferencedImageSequence = [_reference(_CT, each) for each in (2, 3)]
    dataset.PatientName = f"Phantom^{study:03}"
    dataset.PatientID = f"P{study:06}"
    dataset.PatientBirthDate = "19500101"
    dataset.PatientSex = "F"
    dataset.PatientAge = "074Y"
    dataset.PatientSize = "1.7"
    dataset.PatientWeight = "70"
    dataset.AdditionalPatientHistory = ""
    dataset.StudyInstanceUID = f"{_ROOT}.2.{10_000 + study}"
    dataset.SeriesInstanceUID = f"{_ROOT}.3.{10_000 + number}"
    dataset.StudyID = str(study)
    dataset.SeriesNumber = 1 + number % _SERIES_A_STUDY
    dataset.AcquisitionNumber = 1
    dataset.InstanceNumber = _NUMBER
    dataset.FrameOfReferenceUID = f"{_ROOT}.5.{10_000 + study}"
    dataset.PositionReferenceIndicator = "SN"
    dataset.RequestedProcedureDescription = "CT chest"
    dataset.PerformedProcedureStepStartDate = f"202402{1 + study:02}"
    dataset.PerformedProcedureStepStartTime = "101200"
    dataset.PerformedProcedureStepID = f"S{study}"
    dataset.RequestAttributesSequence = [_code("REQUEST", "A request")]


def _describe_scan(dataset: "FileDataset") -> None:
    dataset.ContrastBolusAgent = "An agent"
    dataset.BodyPartExamined = "CHEST"
    dataset.ScanOptions = "HELICAL MODE"
    dataset.KVP = "120"
    dataset.DataCollectionDiameter = "500.0"
    dataset.DeviceSerialNumber = "1"
    dataset.SoftwareVersions = "1.0"
    dataset.ProtocolName = "Chest"
    dataset.ContrastBolusRoute = "Oral & IV"
    dataset.ReconstructionDiameter = "360.0"
    dataset.DistanceSourceToDetector = "949.075"
    dataset.DistanceSourceToPatient = "541.0"
    dataset.GantryDetectorTilt = "0.0"
    dataset.TableHeight = "150.0"
    dataset.RotationDirection = "CW"
    dataset.ExposureTime = "600"
    dataset.XRayTubeCurrent = "300"
    dataset.Exposure = "20"
    dataset.FilterType = "BODY FILTER"
    dataset.GeneratorPower = "36000"
    dataset.FocalSpots = "1.2"
    dataset.ConvolutionKernel = "STANDARD"
    dataset.PatientPosition = "FFS"
    dataset.RevolutionTime = 0.6
    dataset.SingleCollimationWidth = 0.625
    dataset.TotalCollimationWidth = 40.0
    dataset.TableSpeed = 92.0
    dataset.TableFeedPerRotation = 55.0
    dataset.SpiralPitchFactor = 1.375
    dataset.CTDIvol = 8.5


def _place(dataset: "FileDataset") -> None:
    dataset.SliceThickness = "2.5"
    dataset.ImagePositionPatient = ["-180.0", "-180.0", _PLACE]
    dataset.ImageOrientationPatient = ["1.0", "0.0", "0.0", "0.0", "1.0", "0.0"]
    dataset.SliceLocation = _PLACE
    dataset.SamplesPerPixel = 1
    dataset.PhotometricInterpretation = "MONOCHROME2"
    dataset.Rows = dataset.Columns = _SIZE
    dataset.PixelSpacing = ["5.625", "5.625"]
    dataset.BitsAllocated = dataset.BitsStored = 16
    dataset.HighBit = 15
    dataset.PixelRepresentation = 1
    dataset.SmallestImagePixelValue = -1024
    dataset.LargestImagePixelValue = 1000
    dataset.PixelPaddingValue = -2000
    dataset.WindowCenter = ["40", "-600"]
    dataset.WindowWidth = ["400", "1500"]
    dataset.WindowCenterWidthExplanation = ["SOFT TISSUE", "LUNG"]
    dataset.RescaleIntercept = "-1024"
    dataset.RescaleSlope = "1"
    dataset.RescaleType = "HU"
    dataset.PixelData = bytes(2 * _SIZE * _SIZE)


def _add_private(dataset: "FileDataset") -> None:
    for group, creator in ((0x0009, "A_MAKER_IDEN_01"), (0x0043, "A_MAKER_PARM_01")):
        block = dataset.private_block(group, creator, create=True)
        for element in range(8):
            block.add_new(element, "LO", f"a value {element}")
            block.add_new(0x10 + element, "SL", element)
            block.add_new(0x20 + element, "DS", ["1.5", "2.5", "3.5"])


def _code(value: str, meaning: str) -> "Dataset":
    from pydicom import Dataset

    item = Dataset()
    item.CodeValue, item.CodingSchemeDesignator, item.CodeMeaning = value, "99PHANTOM", meaning
    return item


def _reference(sop_class: str, number: int) -> "Dataset":
    from pydicom import Dataset

    item = Dataset()
    item.ReferencedSOPClassUID = sop_class
    item.ReferencedSOPInstanceUID = f"{_ROOT}.9.{number}"
    return item
