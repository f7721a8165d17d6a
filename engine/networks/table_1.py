"""What net A and net B of Quellec et al. 2017 share: Table 1's course from a picture to a number.

Blocks of convolutions with a max pooling between them, an RMS pooling, and the dense part.
The paper's two sub-networks, for smaller pictures, are cut from the deep end (METHODS Q2.6).
"""

from collections.abc import Sequence
from dataclasses import dataclass

from engine.networks.operators import Conv, Dense, Dropout, Maxout, MaxPool, Operator, RMSPool

BLOCKS_OF_SIZE = {448: 5, 224: 4, 112: 3}
"""How many blocks are left of the network for a picture's side, in pixels."""

SIZES = tuple(BLOCKS_OF_SIZE)


@dataclass(frozen=True)
class Row:
    """A convolution of Table 1. The paper prints sizes, not paddings: METHODS Q2.1 finds them."""

    maps: int
    window: int
    stride: int
    padding: int


Block = Sequence[Row]


def layers(size: int, blocks: Sequence[Block], rms_stride: int) -> list[Operator]:
    """Table 1 from layer 2 to layer 26, for pictures of ``size`` pixels.

    Raises:
        ValueError: the paper has no network of this size.
    """
    if size not in BLOCKS_OF_SIZE:
        raise ValueError(f"net A and net B are defined for {SIZES} pixels, not for {size}")
    row_of_operators: list[Operator] = []
    maps = 3
    for number, block in enumerate(blocks[: BLOCKS_OF_SIZE[size]]):
        if number > 0:
            pool = MaxPool(window=3, stride=2, size=size)
            row_of_operators.append(pool)
            size = pool.size
        for row in block:
            conv = Conv(maps, row.maps, row.window, row.stride, row.padding, size)
            row_of_operators.append(conv)
            maps, size = row.maps, conv.size
    pool_19 = RMSPool(window=3, stride=rms_stride, size=size)
    return [
        *row_of_operators,
        pool_19,
        Dropout(),
        Dense(maps * pool_19.size**2, 1024),
        Maxout(),
        Dropout(),
        Dense(512, 1024),
        Maxout(),
        Dense(512, 1, rectified=False),
    ]
