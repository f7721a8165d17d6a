"""What LesionLens computes; it runs in processes of its own and never opens a window."""

import os

# Before NumPy is imported. OpenBLAS's second thread spins for 20 ms after each product, on the core
# that torch's threads and a photograph's second half wait for.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
