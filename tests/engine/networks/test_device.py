"""The device is chosen with a reason, on a machine with cards that are there only by name."""

import pytest
import torch

from engine.errors import Refusal
from engine.networks.device import choose, devices


@pytest.fixture
def no_card(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)


@pytest.fixture
def one_card_of_two_works(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two cards; the first one fails at its first kernel, as one too old for torch does."""
    real_ones = torch.ones

    def ones(*shape: int, device: str) -> torch.Tensor:
        if device == "cuda:0":
            raise RuntimeError("no kernel image is available for execution on the device")
        return real_ones(*shape)

    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 2)
    monkeypatch.setattr(torch.cuda, "get_device_name", lambda number: f"Card {'AB'[number]}")
    monkeypatch.setattr(torch, "ones", ones)


@pytest.mark.usefixtures("no_card")
@pytest.mark.parametrize("setting", ["automatic", "processor", "cuda:0"])
def test_without_a_card_everything_runs_on_the_processor(setting: str) -> None:
    assert choose(setting).name == "cpu"
    assert devices() == ("processor",)


@pytest.mark.usefixtures("no_card")
def test_a_card_that_is_gone_is_named_in_the_reason() -> None:
    assert "graphics card 0 was not found" in choose("cuda:0").reason


@pytest.mark.usefixtures("one_card_of_two_works")
def test_automatic_takes_the_first_card_that_works() -> None:
    device = choose("automatic")
    assert device.name == "cuda:1"
    assert "Card B" in device.reason


@pytest.mark.usefixtures("one_card_of_two_works")
def test_a_card_that_cannot_compute_gives_way_to_the_processor() -> None:
    device = choose("cuda:0")
    assert device.name == "cpu"
    assert "cannot compute" in device.reason


@pytest.mark.usefixtures("one_card_of_two_works")
def test_every_card_can_be_chosen_by_name() -> None:
    assert devices() == ("processor", "cuda:0", "cuda:1")
    assert choose("cuda:1").name == "cuda:1"


@pytest.mark.parametrize("setting", ["gpu", "cuda", "cuda:x", ""])
def test_a_setting_that_means_nothing_is_refused(setting: str) -> None:
    with pytest.raises(Refusal) as refusal:
        choose(setting)
    assert f'"{setting}"' in refusal.value.what
