"""Net B of Quellec et al. 2017, Table 1, and its two sub-networks for smaller pictures."""

from engine.networks.operator_network import OperatorNetwork
from engine.networks.table_1 import Row, layers

# Every window is 4 x 4; the paddings are the only ones that give the printed sizes (METHODS Q2.1).
BLOCKS = (
    (Row(32, 4, 2, 1), Row(32, 4, 1, 2)),  # layers 2, 3
    (Row(64, 4, 2, 1), Row(64, 4, 1, 2), Row(64, 4, 1, 1)),  # layers 5 to 7
    (Row(128, 4, 1, 2), Row(128, 4, 1, 1), Row(128, 4, 1, 2)),  # layers 9 to 11
    (Row(256, 4, 1, 2), Row(256, 4, 1, 1), Row(256, 4, 1, 2)),  # layers 13 to 15
    (Row(512, 4, 1, 1),),  # layer 17; 18 is absent in net B
)


class NetB(OperatorNetwork):
    """Net B for pictures of ``size`` pixels: 12,465,121 parameters at 448.

    7,415,009 at 224 and 2,804,577 at 112 (METHODS Q2.6).
    """

    def __init__(self, size: int = 448) -> None:
        super().__init__(size, layers(size, BLOCKS, rms_stride=2))
