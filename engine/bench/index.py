"""How long listing a folder of DICOM files takes, beside SimpleITK's own listing of it.

SimpleITK tells the identifiers of the series, and for each series the names of its files; ours
tells all that the list shows: patient, study, size, spacing, orientation, repairs.
"""

import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from engine.bench import ct_folder
from engine.bench.ratio import interleave
from engine.task import Task

REFERENCE = "SimpleITK.ImageSeriesReader.GetGDCMSeriesIDs of the folder"
FILES_REFERENCE = "the same, and GetGDCMSeriesFileNames of the folder for every series"


def run(task: Task, *, series: int = 80, slices: int = 50, repeats: int = 5) -> dict[str, Any]:
    """The figures ``index`` and ``index_files`` of a folder with so many CT series and slices.

    Both list it turn by turn, after it was read once. The files' names are asked for once: it
    takes as long for every series as for all of them.

    Raises:
        Cancelled: the task was cancelled.
    """
    from engine.images.catalogue import list_pictures

    with TemporaryDirectory(prefix="lesionlens-index-") as temporary:
        folder, scratch = Path(temporary, "folder"), Path(temporary, "scratch")
        ct_folder.make(folder, series, slices, task)
        scratch.mkdir()
        timings = interleave(
            {
                "ours": lambda: list_pictures([folder], scratch, Task()),
                "reference": lambda: _series_ids(folder),
            },
            repeats,
            task,
        )
        start = time.perf_counter()
        for name in task.over(_series_ids(folder), "Asking SimpleITK for files", series):
            _file_names(folder, name)
        with_files = time.perf_counter() - start
    own = timings.ratio("ours", "reference")
    return {
        "index": own.ratio,
        "index_spread": own.spread,
        "index_reference": REFERENCE,
        "index_files": timings.median("ours") / with_files,
        "index_files_reference": FILES_REFERENCE,
        "index_seconds": timings.median("ours"),
    }


def _series_ids(folder: Path) -> tuple[str, ...]:
    import SimpleITK

    found: tuple[str, ...] = SimpleITK.ImageSeriesReader.GetGDCMSeriesIDs(str(folder))
    return found


def _file_names(folder: Path, series: str) -> tuple[str, ...]:
    import SimpleITK

    found: tuple[str, ...] = SimpleITK.ImageSeriesReader.GetGDCMSeriesFileNames(str(folder), series)
    return found
