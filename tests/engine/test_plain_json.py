"""What JSON cannot tell is null in it, wherever it stands."""

import json
from math import inf, nan

from engine.plain_json import plain


def test_no_number_and_infinity_are_null_wherever_they_stand() -> None:
    told = {"kappa": nan, "interval": (-inf, 0.5), "arms": [{"p": nan, "n": 3, "name": "nan"}]}
    expected = {
        "kappa": None,
        "interval": [None, 0.5],
        "arms": [{"p": None, "n": 3, "name": "nan"}],
    }
    assert json.loads(json.dumps(plain(told), allow_nan=False)) == expected
