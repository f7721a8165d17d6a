"""What one DICOM file says about itself, without its pixels."""

from msgspec import Struct

from engine.pictures import GreyWindow, ScaledPart

Vector = tuple[float, float, float]


class FrameHeader(Struct, frozen=True):
    """What may differ from frame to frame of one file; None and empty where it does not say.

    ``orientation`` are the directions in which column and row indices grow, in LPS; ``position``
    is where the centre of the first pixel lies. ``pixel_spacing`` is (between rows, between
    columns) in mm, as DICOM writes it. ``splits`` are the values by which several images at one
    position can be told apart, by the words of ``FrameAxis``.
    """

    orientation: tuple[float, float, float, float, float, float] | None = None
    position: Vector | None = None
    pixel_spacing: tuple[float, float] | None = None
    slice_thickness: float | None = None
    slope: float | None = None
    intercept: float | None = None
    windows: tuple[GreyWindow, ...] = ()
    splits: tuple[tuple[str, float], ...] = ()


class Header(Struct, frozen=True):
    """One DICOM file. Text is decoded; a value that cannot be read counts as not there.

    ``frames`` has one entry a frame of a multi-frame file whose functional groups or vectors were
    read, else one entry that holds for all ``frame_count`` of them. ``pixels`` names the element
    that holds the picture: "PixelData", "FloatPixelData", "DoubleFloatPixelData", or empty.
    """

    path: str
    transfer_syntax: str | None = None
    sop_class: str = ""
    sop_instance: str = ""
    study_uid: str = ""
    series_uid: str = ""
    frame_of_reference: str = ""
    modality: str = ""
    image_type: tuple[str, ...] = ()
    patient_id: str = ""
    patient_name: str = ""
    patient_sex: str = ""
    patient_age: str = ""
    study_date: str = ""
    study_time: str = ""
    study_description: str = ""
    series_number: int | None = None
    series_description: str = ""
    instance_number: int | None = None
    acquisition_number: int | None = None
    acquisition_time: str = ""
    body_part: str = ""
    laterality: str = ""
    manufacturer: str = ""
    rows: int = 0
    columns: int = 0
    frame_count: int = 1
    samples: int = 1
    photometric: str = ""
    presentation: str = ""
    bits_allocated: int = 0
    bits_stored: int = 0
    high_bit: int = 0
    signed: bool = False
    pixels: str = ""
    units: str = ""
    rescale_type: str = ""
    padding: float | None = None
    modality_lut: bool = False
    imager_spacing: tuple[float, float] | None = None
    aspect_ratio: tuple[float, float] | None = None
    """A pixel's height and width in proportion, as DICOM writes it."""
    spacing_between: float | None = None
    gantry_tilt: float | None = None
    kernel: str = ""
    regions: tuple[ScaledPart, ...] = ()
    """An ultrasound's, as they are told."""
    frame_ms: float | None = None
    frames: tuple[FrameHeader, ...] = (FrameHeader(),)
    overlays: tuple[bytes, ...] = ()
    """What is drawn over each picture, by its header (``overlays.overlays_of``) and in spare bits
    (``spare_bits``); no entry where nothing is."""
    marks_unread: bool = False
    """Whether spare bits that may draw over the pictures were not looked at."""
    tiles: int = 0
    """How many tiles a Siemens mosaic holds, 0 for anything else."""
    tile_normal: Vector | None = None
    """A mosaic's direction from tile to tile."""

    @property
    def first(self) -> FrameHeader:
        """What holds for the first frame."""
        return self.frames[0]
