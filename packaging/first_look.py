"""What a person sees first: a drawn eye and its heatmap, in the window or else on disk.

The eye is a phantom: no picture of a patient ships with the program.
"""

import os
import subprocess
from pathlib import Path

import environment
import screen
from speech import SetupError, say

SEED = "11"
"""An eye with lesions of every common kind that passes as gradable; a test looks."""
OUT = environment.PROJECT / "lesionlens-out"


def show() -> int:
    """Open the window on a phantom eye, or write its annotated picture and JSON result."""
    named = screen.is_named(os.environ)
    # Looked for first: a person should not wait for a long installation to learn of a lack.
    environment.require_venv()
    screen.provide_libraries(os.environ)
    environment.make(environment.RUN)
    OUT.mkdir(exist_ok=True)
    eye = OUT / "phantom-eye.png"
    if not eye.exists():
        say("Drawing a phantom eye")
        _lesionlens("phantom", "eye", str(eye), "--seed", SEED)
    if not named:
        say("There is no screen here: the same work without a window")
        return _write(eye)
    words = screen.fault(environment.python(), os.environ)
    if words:
        say(f"The screen cannot be used ({words}): the same work without a window")
        return _write(eye)
    say("Opening the window; close it to end")
    return subprocess.call([str(environment.script("lesionlens")), str(eye)])


def _write(eye: Path) -> int:
    picture = OUT / "phantom-eye-heatmap.png"
    result = OUT / "phantom-eye.json"
    asked = ("analyse", str(eye), "--question", "retinopathy", "--json", "--heatmap", str(picture))
    answer = _lesionlens(*asked)
    result.write_text(answer, encoding="utf-8")
    say(f"The photograph with its heatmap:  {picture}")
    say(f"The result:                       {result}")
    print(answer, end="")
    return 0


def _lesionlens(*words: str) -> str:
    done = subprocess.run(
        [str(environment.script("lesionlens")), *words], stdout=subprocess.PIPE, encoding="utf-8"
    )
    if done.returncode != 0:
        raise SetupError(f"lesionlens {words[0]} ended with {done.returncode}; it says why above.")
    return done.stdout
