"""The one place that loads torchvision.

Its wheel may hold an extension for graphics cards that cannot load beside a torch for processors;
the import then fails for two operators that classification networks never call.
"""

import sys
from types import ModuleType

import torch

_declared: list[torch.library.Library] = []
"""Kept: the operators go with their library."""


def load() -> ModuleType:
    """The module torchvision, with its extension or without."""
    try:
        import torchvision
    except RuntimeError as fault:
        if "torchvision::" not in str(fault):
            raise
        for name in [name for name in sys.modules if name.split(".")[0] == "torchvision"]:
            del sys.modules[name]
        library = torch.library.Library("torchvision", "FRAGMENT")  # type: ignore[no-untyped-call]
        _declared.append(library)
        for name in ("nms", "qnms"):
            takes = "(Tensor dets, Tensor scores, float iou_threshold) -> Tensor"
            library.define(name + takes)  # type: ignore[no-untyped-call]
        import torchvision
    return torchvision  # type: ignore[no-any-return]
