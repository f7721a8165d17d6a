"""How few pixels hold the evidence."""

import numpy as np
from numpy.typing import NDArray

TOP = 0.01


def hoyer(evidence: NDArray[np.float32]) -> float:
    """Hoyer's sparsity (2004) of values (n,), zero or more: 0 where all are equal, 1 for one alone.

    (√n - ‖v‖₁ / ‖v‖₂) / (√n - 1). A map without evidence has none: 0.
    """
    values = evidence.astype(np.float64)
    length = float(np.sqrt(values @ values))
    if values.size < 2 or length == 0:
        return 0.0
    root = np.sqrt(values.size)
    return float(np.clip((root - values.sum() / length) / (root - 1), 0, 1))


def top_share(evidence: NDArray[np.float32]) -> float:
    """The share of the evidence, (n,), in its strongest hundredth (at least one pixel)."""
    values = evidence.astype(np.float64)
    total = values.sum()
    most = max(1, round(TOP * values.size))
    return float(np.sort(values)[-most:].sum() / total) if total else 0.0
