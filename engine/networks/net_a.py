"""Net A of Quellec et al. 2017, Table 1, and its two sub-networks for smaller pictures."""

from engine.networks.operator_network import OperatorNetwork
from engine.networks.table_1 import Block, Row, layers

LAYER_5_WINDOWS = (3, 5)


class NetA(OperatorNetwork):
    """Net A for pictures of ``size`` pixels: 12,369,889 parameters at 448.

    4,568,289 at 224 and 1,775,713 at 112 (METHODS Q2.4, Q2.6). ``layer5_window`` 5 has 32,768
    more: the o_O code's window where the paper prints 3; both give the printed sizes (Q2.3).
    """

    def __init__(self, size: int = 448, layer5_window: int = 3) -> None:
        if layer5_window not in LAYER_5_WINDOWS:
            raise ValueError(f"layer 5 is {LAYER_5_WINDOWS} pixels wide, not {layer5_window}")
        super().__init__(size, layers(size, _blocks(layer5_window), rms_stride=3))


def _blocks(layer5_window: int) -> tuple[Block, ...]:
    return (
        (Row(32, 5, 2, 2), _same(32)),  # layers 2, 3
        (Row(64, layer5_window, 2, layer5_window // 2), _same(64), _same(64)),  # layers 5 to 7
        (_same(128),) * 3,  # layers 9 to 11
        (_same(256),) * 3,  # layers 13 to 15
        (_same(512),) * 2,  # layers 17, 18
    )


def _same(maps: int) -> Row:
    """A convolution that keeps the size."""
    return Row(maps, window=3, stride=1, padding=1)
