"""AlexNet as Quellec et al. 2017 compare with it: for 448 pixels, with one output."""

from engine.networks.operator_network import OperatorNetwork
from engine.networks.operators import Conv, Dense, Dropout, MaxPool, MeanPool, Operator

SIZE = 448

# (maps, window, stride, padding, whether a max pooling follows)
CONVOLUTIONS = (
    (96, 11, 4, 2, True),
    (256, 5, 1, 2, True),
    (384, 3, 1, 1, False),
    (384, 3, 1, 1, False),
    (256, 3, 1, 1, True),
)


class AlexNet(OperatorNetwork):
    """AlexNet, 58,934,145 parameters (METHODS Q2.4, Q2.5).

    The paper puts a mean pooling in front, inside the network, so that heatmaps have 448 pixels.
    Decided: as nets A and B for the rest, that is very leaky rectifiers and untied biases; no
    groups and no response normalisation, which would add second derivatives.
    """

    def __init__(self) -> None:
        super().__init__(SIZE, _layers())


def _layers() -> list[Operator]:
    halved = MeanPool(window=2, stride=2, size=SIZE)
    layers: list[Operator] = [halved]
    maps_in, size = 3, halved.size
    for maps, window, stride, padding, pooled in CONVOLUTIONS:
        conv = Conv(maps_in, maps, window, stride, padding, size)
        layers.append(conv)
        maps_in, size = maps, conv.size
        if pooled:
            pool = MaxPool(window=3, stride=2, size=size)
            layers.append(pool)
            size = pool.size
    return [
        *layers,
        Dropout(),
        Dense(maps_in * size**2, 4096),
        Dropout(),
        Dense(4096, 4096),
        Dense(4096, 1, rectified=False),
    ]
