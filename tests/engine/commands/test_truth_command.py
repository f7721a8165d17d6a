"""analyse --truth, as a person or a script calls it."""

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from torch import Tensor, nn

from engine import cli
from engine.commands import truth
from engine.packs.pack import Pack
from engine.phantoms.eye import draw_eye
from engine.questions import looking
from engine.telling import truth_words

Captured = pytest.CaptureFixture[str]


class Energy(nn.Module):
    """Half the sum of squares: quick, and its layer can forget."""

    def __init__(self) -> None:
        super().__init__()
        self.scale = nn.Linear(1, 1)
        nn.init.constant_(self.scale.weight, 1e-4)
        nn.init.zeros_(self.scale.bias)

    def forward(self, x: Tensor) -> Tensor:
        return self.scale(x.square().sum((1, 2, 3))[:, None])[:, 0]


@pytest.fixture(autouse=True)
def quick_network(user: Pack, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(looking, "_network", lambda *_: Energy())


@pytest.fixture(scope="module")
def eye(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("eyes") / "eye.png"
    Image.fromarray(draw_eye(3, severity=3, width=700).pixels).save(path)
    return path


def analyse(eye: Path, *more: str) -> int:
    asked = ["analyse", str(eye), "--question", "retinopathy", "--pack", "untrained", "--quiet"]
    return cli.main([*asked, *more])


def test_the_check_is_part_of_the_one_object(capsys: Captured, eye: Path) -> None:
    assert analyse(eye, "--truth", "--json") == 0
    answer = json.loads(capsys.readouterr().out)
    checked = answer["truth"]
    (part,) = checked["parts"]
    assert part["criterion"] == "pi"
    assert checked["probability"] == pytest.approx(answer["probability"], abs=1e-4)
    assert len(part["deletion"]["shares"]) == len(part["deletion"]["probabilities"])
    assert checked["caution"] == truth_words.CAUTION
    assert checked["figure"] is None


def test_without_the_option_nothing_is_checked(capsys: Captured, eye: Path) -> None:
    assert analyse(eye, "--json") == 0
    assert "truth" not in json.loads(capsys.readouterr().out)


def test_words_figure_and_lesions(capsys: Captured, eye: Path, tmp_path: Path) -> None:
    with Image.open(eye) as picture:
        mask = np.zeros((picture.height, picture.width), np.uint8)
    mask[200:260, 200:260] = 255
    Image.fromarray(mask).save(tmp_path / "mask.png")
    figure = tmp_path / "figure.svg"
    marked = ["--marked", str(tmp_path / "mask.png"), "--truth-figure", str(figure)]
    assert analyse(eye, *marked) == 0
    said = capsys.readouterr().out
    assert truth_words.CAUTION in said
    assert "On marked lesions" in said
    assert figure.exists()
    numbers = json.loads(figure.with_suffix(".json").read_text())
    area = numbers["parts"][0]["overlap"]["area"]
    assert 0 < area < 0.05
    truth.check_options(eye, figure, None)  # it may be written again


def test_a_mask_of_another_size_is_refused_in_words(
    capsys: Captured, eye: Path, tmp_path: Path
) -> None:
    Image.fromarray(np.zeros((10, 10), np.uint8)).save(tmp_path / "mask.png")
    assert analyse(eye, "--marked", str(tmp_path / "mask.png")) == 1
    assert "10 x 10" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["figure.jpg", "eye.json"])
def test_a_figure_that_cannot_be_written_is_wrong_usage(
    capsys: Captured, eye: Path, name: str
) -> None:
    assert analyse(eye, "--truth-figure", str(eye.with_name(name))) == 2
    assert name in capsys.readouterr().err


def test_the_photograph_is_never_written_over(capsys: Captured, eye: Path) -> None:
    assert analyse(eye, "--truth-figure", str(eye)) == 2
    assert "eye.png" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("there", "said"),
    [("other.png", "other.png is there"), ("other.json", "other.json is there"), ("", "no folder")],
)
def test_a_figure_is_written_over_nothing_else_and_that_is_said_before_the_check(
    capsys: Captured, eye: Path, tmp_path: Path, there: str, said: str
) -> None:
    folder = tmp_path / ("here" if there else "gone")
    if there:
        folder.mkdir()
        (folder / there).write_bytes(b'{"parts": []}')
    assert analyse(eye, "--truth-figure", str(folder / "other.png")) == 2
    assert said in " ".join(capsys.readouterr().err.split())
    if there:
        assert [path.name for path in folder.iterdir()] == [there]
        assert (folder / there).read_bytes() == b'{"parts": []}'


def test_an_ungradable_photograph_has_no_check(capsys: Captured, tmp_path: Path) -> None:
    dark = tmp_path / "dark.png"
    Image.fromarray((draw_eye(3, width=700).pixels // 8).astype(np.uint8)).save(dark)
    assert analyse(dark, "--truth", "--json") == 0
    assert json.loads(capsys.readouterr().out)["truth"] is None
