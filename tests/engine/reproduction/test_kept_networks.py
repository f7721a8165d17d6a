"""Which networks a reproduction looks at is told by their passes, never by the clock."""

from pathlib import Path
from types import SimpleNamespace

import pytest
import torch

from engine.reproduction import networks, recipe
from engine.reproduction.quellec import Reproduction
from engine.task import Task
from engine.training.run import Run


def test_of_the_checkpoints_that_roll_the_newest_alone_counts(tmp_path: Path) -> None:
    run = Run.begin(tmp_path / "run", "", tmp_path)
    for name in ("fold-0-after-00004", "fold-0-after-00008", "fold-0-00007", "fold-0-00010"):
        (run.checkpoints / f"{name}.safetensors").touch()
    assert list(networks.snapshots(run, "fold-0")) == [4, 8, 10]


def test_scores_that_were_kept_of_other_photographs_are_not_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files: list[Path] = []
    monkeypatch.setattr(networks, "out_of_fold", lambda *given: files.append(given[-1]))
    run = SimpleNamespace(folder=tmp_path / "runs" / "net_b-nu-0")
    trained = SimpleNamespace(plan=SimpleNamespace(size=112), run=run)
    asked = Reproduction(None, recipe.quick(drawn=True), tmp_path, torch.device("cpu"))
    for fingerprint in ("some", "others", "some"):
        learning = SimpleNamespace(fingerprint=fingerprint)
        trainer = SimpleNamespace(pictures=lambda *_: None, learning=learning)
        asked._scores(trained, 3, trainer, Task())
    assert files[0] == files[2] != files[1]
