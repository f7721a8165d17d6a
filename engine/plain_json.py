"""Values as JSON can tell them: it has no word for what is infinite or no number."""

import math
from typing import Any


def plain(value: Any) -> Any:
    """The same, with None, which is JSON's null, in place of each such number."""
    if isinstance(value, dict):
        return {name: plain(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [plain(each) for each in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value
