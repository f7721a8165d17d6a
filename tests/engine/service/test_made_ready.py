"""What the engine imports before the first question, which is waited for."""

import subprocess
import sys

FIRST_ANSWER = """
import sys
from engine.phantoms.eye import draw_eye
from engine.pictures import Photograph
from engine.service.abilities import SHIPPED
from engine.task import Task

eye = Photograph(draw_eye(11, width=448).pixels, "eye.png", "0")
pack = next(each for each in SHIPPED.prepare().packs if each.name == "retinopathy-net-b")
made_ready = set(sys.modules)
ask = SHIPPED.questions["retinopathy"]
answer, _ = ask(eye, pack.path, "", pack.criterion(None), "automatic", Task())
print(answer.probability is not None, *sorted(set(sys.modules) - made_ready))
"""


def test_the_first_answer_imports_nothing_that_was_not_made_ready() -> None:
    asked = [sys.executable, "-c", FIRST_ANSWER]
    found = subprocess.run(asked, capture_output=True, text=True, check=True)
    assert found.stdout.split() == ["True"]
