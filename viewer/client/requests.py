"""A request to the engine that has no last word yet, kept to be asked again after a crash."""

import os
from dataclasses import dataclass
from pathlib import Path

import msgspec

from engine.service.messages import (
    Ask,
    Asked,
    AskStage,
    AskTogether,
    CheckTruth,
    CompareVisits,
    Draw,
    DrawThumbnail,
    DrawTruth,
    Find,
    FindEyes,
    FindLandmarks,
    FindRegions,
    FindVisits,
    InstallPack,
    ListPacks,
    Open,
    OpenVolume,
    Refused,
    ShrinkPhotograph,
)

TRIES = 2


@dataclass(eq=False)
class Request:
    """``begun`` is whether this engine works on it, ``crashes`` how often one ended meanwhile.

    ``begun_file`` is the array that this engine shows while it is still being filled.
    """

    message: Asked
    begun: bool = False
    crashes: int = 0
    stopping: bool = False
    begun_file: str = ""

    def survives_crash(self) -> bool:
        """Whether it may be asked again after the engine crashed."""
        if self.begun:
            self.crashes += 1
            self.begun = False
        return self.crashes < TRIES

    def uses(self, file: str) -> bool:
        """Whether the engine still has to read this array for it."""
        match self.message:
            case Draw(heatmap=heatmap) | FindRegions(heatmap=heatmap):
                heatmaps = [heatmap]
            case CompareVisits(earlier=earlier, later=later):
                heatmaps = [earlier.heatmap, later.heatmap]
            case _:
                heatmaps = []
        return any(heatmap is not None and heatmap.file == file for heatmap in heatmaps)

    def hasten(self) -> None:
        """Somebody waits for it from now on."""
        if isinstance(self.message, Open | Ask | AskStage):
            self.message = msgspec.structs.replace(self.message, ahead=False)

    @property
    def ahead(self) -> bool:
        """Whether nobody waits for it."""
        message = self.message
        return isinstance(message, ShrinkPhotograph | ListPacks) or (
            isinstance(message, Open | Ask | AskStage) and message.ahead
        )

    @property
    def name(self) -> str:
        """The name of the file that it is about."""
        match self.message:
            case InstallPack(path=path) | FindVisits(path=path):
                pass
            case AskStage(picture=picture):
                path = picture.path
            case CompareVisits(later=later):
                path = later.picture.path
            case Find(paths=(path, *_)) | FindEyes(paths=(path, *_)):
                pass
            case OpenVolume(series=series) | DrawThumbnail(series=series):
                path = series.paths[0]
            case AskTogether(pictures=pictures):
                path = pictures[0].path
            case Open(picture=picture) | Ask(picture=picture) | Draw(picture=picture):
                path = picture.path
            case FindLandmarks(picture=picture) | FindRegions(picture=picture):
                path = picture.path
            case ShrinkPhotograph(picture=picture):
                path = picture.path
            case CheckTruth(picture=picture):
                path = picture.path
            case DrawTruth(to=path):
                pass
            case ListPacks():
                path = ""
        return os.fsencode(Path(path).name).decode("utf-8", "replace")

    def refused(self, why: str, advice: str) -> Refused:
        """Its last word, where the engine has none."""
        match self.message:
            case Open() | OpenVolume():
                what = f"“{self.name}” was not opened."
            case Find() | FindEyes():
                what = f"“{self.name}” was not looked through."
            case DrawThumbnail() | ShrinkPhotograph():
                what = f"The small picture of “{self.name}” was not made."
            case FindVisits():
                what = f"The visits that “{self.name}” belongs to were not looked for."
            case CompareVisits():
                what = f"“{self.name}” was not compared with an earlier visit."
            case Ask() | AskStage() | AskTogether():
                what = f"The question about “{self.name}” was not answered."
            case CheckTruth():
                what = f"The heatmaps of “{self.name}” were not checked."
            case DrawTruth():
                what = f"“{self.name}” was not saved."
            case Draw():
                what = f"The annotated picture of “{self.name}” was not saved."
            case FindLandmarks():
                what = f"Disc and fovea of “{self.name}” were not looked for."
            case FindRegions():
                what = f"The regions of “{self.name}” were not found."
            case InstallPack():
                what = f"The pack “{self.name}” was not installed."
            case ListPacks():
                what = "The packs were not listed anew."
        return Refused(self.message.id, what, why, advice)

    def given_up(self, device: str) -> Refused:
        """Its last word after it crashed the engine twice. ``device`` is what "automatic" means."""
        asked = (
            self.message.device
            if isinstance(self.message, Ask | AskStage | AskTogether | CheckTruth)
            else ""
        )
        on_card = (device if asked == "automatic" else asked).startswith("cuda")
        return self.refused(
            f"The engine stopped {TRIES} times while it worked on it, so it is not asked again.",
            "Choose the processor in place of the graphics card, and ask again."
            if on_card
            else "Close other programs to free memory, then try again.",
        )
