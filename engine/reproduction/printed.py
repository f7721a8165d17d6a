"""The figures that the paper prints (METHODS Q7.7). Its curves are pictures: none are quoted."""

from engine.evaluation.lesion_truth import LesionType

TABLE_2 = {0.0: (0.948, 0.499), 1e-4: (0.948, 0.543), 1e-3: (0.947, 0.600), 1e-2: (0.546, 0.375)}
"""By ν, for net B: A_z on Kaggle's validation part, mean lesion-level area on DiaretDB1."""

_TYPES = (
    LesionType.HARD_EXUDATES,
    LesionType.SOFT_EXUDATES,
    LesionType.MICROANEURYSMS,
    LesionType.HAEMORRHAGES,
)

_TABLE_3 = {
    ("omega", "net_a"): (0.552, 0.624, 0.316, 0.449),
    ("omega", "net_b"): (0.557, 0.611, 0.308, 0.412),
    ("omega", "alexnet"): (0.474, 0.642, 0.028, 0.274),
    ("pi", "net_a"): (0.677, 0.754, 0.393, 0.533),
    ("pi", "net_b"): (0.694, 0.747, 0.412, 0.523),
    ("pi", "alexnet"): (0.516, 0.742, 0.032, 0.300),
    ("sparse", "net_a"): (0.735, 0.802, 0.482, 0.578),
    ("sparse", "net_b"): (0.711, 0.809, 0.500, 0.614),
    ("sparse", "alexnet"): (0.618, 0.783, 0.032, 0.320),
    ("relevance", "net_a"): (0.600, 0.743, 0.315, 0.519),
    ("relevance", "net_b"): (0.582, 0.750, 0.314, 0.526),
    ("relevance", "alexnet"): (0.499, 0.747, 0.027, 0.274),
}

TABLE_3 = {row: dict(zip(_TYPES, values, strict=True)) for row, values in _TABLE_3.items()}
"""Area under FROC on DiaretDB1, by criterion and network, then by type."""

TABLE_4 = {
    (False, "net_a"): (0.940, None),
    (False, "net_b"): (0.944, None),
    (False, "alexnet"): (0.900, None),
    (True, "net_a"): (0.952, 0.948),
    (True, "net_b"): (0.954, 0.949),
    (True, "alexnet"): (0.908, 0.907),
    (True, "all three"): (0.955, 0.949),
}
"""A_z of referable retinopathy with and without an ensemble: Kaggle-test, e-ophtha-test."""

FIGURE_8 = (0.9542, 0.9515, 0.9569)
"""Net B's ensemble on Kaggle-test with its 95 % interval."""

TITLES = {"net_a": "net A", "net_b": "net B", "alexnet": "AlexNet", "all three": "all three"}
