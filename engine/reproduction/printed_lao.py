"""Tables I and II as they are printed (METHODS L3): accuracy in per cent, mean and deviation."""

TABLES = {
    "cyclic": {
        ("inception_v3", 100): ((57.0, 3.2), (59.4, 3.1), (59.2, 3.3)),
        ("inception_v3", 500): ((59.5, 3.3), (63.1, 2.7), (62.9, 3.0)),
        ("resnet50", 100): ((57.3, 6.4), (60.7, 5.4), (60.7, 5.7)),
        ("resnet50", 500): ((58.1, 4.8), (61.4, 3.8), (61.7, 3.9)),
    },
    "nonregression": {
        ("inception_v3", 100): ((57.5, 2.9), (56.2, 3.8), (55.7, 4.4)),
        ("inception_v3", 500): ((59.1, 3.5), (61.8, 2.7), (60.9, 2.5)),
        ("resnet50", 100): ((56.5, 5.8), (58.1, 5.0), (59.6, 4.3)),
        ("resnet50", 500): ((58.2, 3.5), (60.5, 2.5), (60.1, 2.8)),
    },
}
"""By order, then by backbone and steps in a pass: baseline, vision head, LSTM head."""

TITLES = {
    "cyclic": "Table I: cyclic sequences, accuracy in %",
    "nonregression": "Table II: non-regression sequences, accuracy in %",
}
