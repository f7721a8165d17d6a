"""Which networks a reproduction looks at is told by their passes, never by the clock."""

from pathlib import Path

from engine.reproduction import networks
from engine.training.run import Run


def test_of_the_checkpoints_that_roll_the_newest_alone_counts(tmp_path: Path) -> None:
    run = Run.begin(tmp_path / "run", "", tmp_path)
    for name in ("fold-0-after-00004", "fold-0-after-00008", "fold-0-00007", "fold-0-00010"):
        (run.checkpoints / f"{name}.safetensors").touch()
    assert list(networks.snapshots(run, "fold-0")) == [4, 8, 10]
