"""Net B of Quellec et al. 2017, Table 1, and its two sub-networks for smaller pictures."""

from engine.networks.operator_network import OperatorNetwork
from engine.networks.operators import Conv, Dense, Dropout, Maxout, MaxPool, Operator, RMSPool

SIZES = (448, 224, 112)

# (maps, stride, padding) of the convolutions between two poolings; every window is 4 x 4.
# The paper prints sizes, not paddings: these are the only ones that give them (METHODS Q2.1).
BLOCKS = (
    ((32, 2, 1), (32, 1, 2)),  # layers 2, 3
    ((64, 2, 1), (64, 1, 2), (64, 1, 1)),  # layers 5 to 7
    ((128, 1, 2), (128, 1, 1), (128, 1, 2)),  # layers 9 to 11
    ((256, 1, 2), (256, 1, 1), (256, 1, 2)),  # layers 13 to 15
    ((512, 1, 1),),  # layer 17; 18 is absent in net B
)

# The sub-networks are cut from the deep end (o_O's pre-training stages, METHODS Q2.6).
BLOCKS_OF_SIZE = {448: 5, 224: 4, 112: 3}


class NetB(OperatorNetwork):
    """Net B for pictures of ``size`` pixels: 12,465,121 parameters at 448.

    7,415,009 at 224 and 2,804,577 at 112 (METHODS Q2.6).
    """

    def __init__(self, size: int = 448) -> None:
        if size not in BLOCKS_OF_SIZE:
            raise ValueError(f"net B is defined for {SIZES} pixels, not for {size}")
        super().__init__(size, _layers(size))


def _layers(size: int) -> list[Operator]:
    """Table 1 from layer 2 to layer 26."""
    layers: list[Operator] = []
    maps = 3
    for number, block in enumerate(BLOCKS[: BLOCKS_OF_SIZE[size]]):
        if number > 0:
            pool = MaxPool(window=3, stride=2, size=size)
            layers.append(pool)
            size = pool.size
        for maps_out, stride, padding in block:
            conv = Conv(maps, maps_out, window=4, stride=stride, padding=padding, size=size)
            layers.append(conv)
            maps, size = maps_out, conv.size
    pool_19 = RMSPool(window=3, stride=2, size=size)
    return [
        *layers,
        pool_19,
        Dropout(),
        Dense(maps * pool_19.size**2, 1024),
        Maxout(),
        Dropout(),
        Dense(512, 1024),
        Maxout(),
        Dense(512, 1, rectified=False),
    ]
