"""An array as an ``.npy`` file, written so that the system's reason is known where it fails.

numpy hands a real file to C, and raises an ``OSError`` without a number: a full disk would look
like a fault of ours.
"""

from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.lib import format as npy
from numpy.typing import NDArray


def write(file: BinaryIO, values: NDArray[Any]) -> None:
    """Write ``values``, of numbers of one kind, as ``np.save`` does. Raises ``OSError``."""
    start = file.tell()
    try:
        # numpy has the disk make room first: a third quicker than a plain write of a photograph.
        np.save(file, values, allow_pickle=False)
    except OSError as fault:
        if fault.errno is not None:
            raise
        file.seek(start)
        whole = np.asarray(values, order="C")
        npy.write_array_header_1_0(file, npy.header_data_from_array_1_0(whole))
        file.write(whole.data)  # fails again, and says why


def save(path: Path, values: NDArray[Any]) -> None:
    """Write a file of its own; nothing is left of it where that fails. Raises ``OSError``."""
    try:
        with path.open("wb") as file:
            write(file, values)
    except OSError:
        path.unlink(missing_ok=True)
        raise
