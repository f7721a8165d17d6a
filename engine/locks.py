"""A lock on an open file, which the system drops when its holder dies, however it dies."""

import sys
from typing import BinaryIO

if sys.platform == "win32":
    import msvcrt

    def take(file: BinaryIO) -> bool:
        """Lock ``file`` until it is closed; False if another process holds it."""
        try:
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:
    import fcntl

    def take(file: BinaryIO) -> bool:
        """Lock ``file`` until it is closed; False if another process holds it."""
        try:
            fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        return True
