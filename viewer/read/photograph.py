"""The photograph's part of the window: its view and its blocks of the panel."""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPointF
from PySide6.QtWidgets import QWidget

from engine.answers import LESION_THRESHOLD, PAPERS, Criterion, Heatmap, Look, RetinopathyAnswer
from engine.telling.cautions import cautioned
from engine.telling.stage_words import stage_words
from viewer.client.engine import EngineClient
from viewer.drawings.store import Drawings
from viewer.eyes.found_marks import FoundMarks
from viewer.files.json_files import JsonFiles
from viewer.layers.captions import Captions
from viewer.panels.heatmap import HeatmapBlock
from viewer.panels.model import ModelBlock
from viewer.panels.pack import PackBlock
from viewer.panels.refusal import RefusalCard
from viewer.panes.photograph import PhotographPane
from viewer.photograph.export import Exported
from viewer.photograph.pack_limits import PackLimits
from viewer.photograph.presenter import Presenter
from viewer.photograph.readings import Picture
from viewer.photograph.stage_kept import StageEvidence
from viewer.photograph.stages import Stages
from viewer.photograph.standing import Standing
from viewer.read.both_eyes import BothEyes
from viewer.read.form import ReadingDesk
from viewer.read.regions import RegionDesk
from viewer.theme import tokens
from viewer.theme.theme import Theme

if TYPE_CHECKING:
    from viewer.read.doors import Doors

_STALE = 0.5
"""What is left of the heatmap's opacity while a new answer is made."""


class PhotographDesk(QObject):
    """``first`` is the view of the presenter's photograph, ``view`` holds it and the other eye's.

    ``blocks`` stand in the panel while a photograph is shown.
    """

    def __init__(self, theme: Theme, presenter: Presenter, client: EngineClient) -> None:
        super().__init__(presenter)
        self._presenter = presenter
        self._client = client
        self._shown_heatmap: Heatmap | None = None
        self._limits = PackLimits(presenter.preferences)
        self._files = JsonFiles(self)
        self.red_free = False
        self.texts = True
        self.first = PhotographPane()
        self.first.setMinimumWidth(tokens.PICTURE_LEAST)
        self.refusal = RefusalCard(theme, self.first)
        self.pack_block = PackBlock(theme)
        self.model_block = ModelBlock(theme)
        self.heatmap_block = HeatmapBlock(theme)
        self.store = Drawings(parent=self)
        self.reading = ReadingDesk(theme, self.store, presenter.preferences, self)
        self.stages = Stages(client, presenter)
        found = FoundMarks(client, self)
        self.both = BothEyes(theme, presenter, client, self.store, self.first, self.stages, found)
        self.view = self.both.view
        self.regions = RegionDesk(theme, presenter, client, self.store, found, self.view.panes)
        found.noticed.connect(self.regions.noticed)
        self._files.noticed.connect(self.regions.noticed)
        self.regions.marks.told = self.both.which
        presenter.exports.marks = lambda: self.regions.exported(self.pane)
        presenter.exports.other = self.both.exported
        presenter.exports.eye = lambda picture: self.both.which(picture).laterality
        presenter.exports.completed = self._completed
        self.both.cautioned = self._cautioned
        self._connect()

    @property
    def blocks(self) -> tuple[QWidget, ...]:
        """From top to bottom."""
        return (
            self.pack_block,
            self.model_block,
            self.both.block,
            self.reading.block,
            self.heatmap_block,
            *self.regions.blocks,
        )

    def _connect(self) -> None:
        presenter, preferences = self._presenter, self._presenter.preferences
        presenter.packs_changed.connect(self.show_packs)
        presenter.ahead.came.connect(self._prepare_ahead)
        self.pack_block.chosen.connect(presenter.choose_pack)
        self.pack_block.stages_chosen.connect(self.stages.choose_pack)
        self.stages.packs_changed.connect(self.show_packs)
        self.model_block.stages.explained.connect(self.explain)
        self.model_block.asked_again.connect(presenter.ask)
        self.model_block.unfold_wanted.connect(self.unfold_limits)
        self.both.block.unfold_wanted.connect(self.unfold_limits)
        block = self.heatmap_block
        listed = self.regions.list
        listed.changed.connect(lambda: block.show_lesion_threshold(listed.threshold))
        block.switched.connect(presenter.show_heatmap)
        block.criterion_chosen.connect(presenter.choose_criterion)
        block.evidence_chosen.connect(self._choose_evidence)
        block.colour_map_chosen.connect(lambda name: preferences.set_look(colour_map=name))
        block.opacity_changed.connect(lambda value: preferences.set_look(opacity=value))
        block.threshold_changed.connect(lambda value: preferences.set_look(threshold=value))
        self.both.eyes.changed.connect(self.regions.marks.follow)
        self.regions.marks.changed.connect(self._on_marks)
        presenter.veil = self.reading.veils
        self.reading.eye_wanted = self.both.activate
        self.reading.veil_changed.connect(presenter.look_behind_veil)
        for pane in self.view.panes:
            pane.opacity_stepped.connect(lambda steps: preferences.step_opacity(steps / 100))

    # ---- what the commands do

    @property
    def pane(self) -> PhotographPane:
        """The view that the keys are for."""
        return self.both.pane

    def escape(self) -> None:
        """Drop what was begun, then the tool, the chosen region, a stage's heatmap."""
        if not self.regions.escape():
            self.stages.show_referable(self.both.picture)

    def enter_form(self) -> None:
        """Give the keys to the reading form."""
        self.reading.enter()

    def close(self) -> bool:
        """Write what waits to be saved; whether all is."""
        self.reading.block.keep_note()
        self.regions.block.keep_name()
        return self.store.close()

    def zoom_by(self, factor: float) -> None:
        """Zoom about the middle of the picture."""
        self.pane.zoom_by(factor, QPointF(self.pane.rect().center()))

    def hold_hidden(self, held: bool) -> None:
        """Hide what lies over the photograph while the key is held."""
        for pane in self.view.panes:
            pane.hold_hidden(held)
        self._show_refusal()

    def hold_red_free(self, held: bool) -> None:
        """Red-free while the key is held; the other way round while it is kept."""
        for pane in self.view.panes:
            pane.hold_red_free(held != self.red_free)

    def keep_red_free(self, red_free: bool) -> None:
        """Red-free until told otherwise."""
        self.red_free = red_free
        for pane in self.view.panes:
            pane.hold_red_free(red_free)

    def show_texts(self, texts: bool) -> None:
        """Show or hide the words over the picture."""
        self.texts = texts
        for pane in self.view.panes:
            pane.show_texts(texts)

    def save_regions(self, doors: "Doors") -> None:
        """Regions and drawings, as they are now, to a file that the person chooses."""
        exports = self._presenter.exports
        exported = exports.shown
        if exported is None or exported.why:
            exports.write(Path())  # which says why not
            return
        self.regions.block.keep_name()
        # Here and not above: a start needs nothing of it.
        from viewer.read.region_export import RegionExports

        told = RegionExports(self._presenter, self.regions).told(exported)
        to = doors.choose_regions(f"{exported.picture.path.stem} regions.json")
        if to is not None:
            self._files.write(to, told)

    def explain(self, stage: int) -> None:
        """The heatmap of this stage of the active eye; again: that of Referable."""
        self.stages.explain(self.both.picture, stage)

    def _choose_evidence(self, stage: int) -> None:
        picture = self.both.picture
        if stage < 0:
            self.stages.show_referable(picture)
        elif picture is not None and self.stages.explained(picture) != stage:
            self.stages.explain(picture, stage)

    def next_criterion(self) -> None:
        """Draw the heatmap by the next criterion."""
        offered, criterion = self._criteria()
        following = offered[(offered.index(criterion) + 1) % len(offered)]
        self._presenter.choose_criterion(following)

    def _criteria(self) -> tuple[tuple[Criterion, ...], Criterion]:
        """Those that the pack in force draws by, a stage's while one is explained; and the one."""
        presenter, picture = self._presenter, self.both.picture
        explained = picture is not None and self.stages.explained(picture) is not None
        if explained and self.stages.pack is not None:
            return self.stages.pack.criteria, self.stages.criterion
        offered = PAPERS if presenter.pack is None else presenter.pack.criteria
        return offered, presenter.criterion

    def reset(self) -> None:
        """The whole picture, in colour, with the usual heatmap."""
        self.keep_red_free(False)
        self._presenter.show_heatmap(True)
        self._presenter.preferences.reset_look()
        self.both.link.align()
        for pane in self.view.panes:
            pane.reset()

    # ---- what the presenter says

    def show_picture(self) -> None:
        """Another photograph is on the screen, still without an answer."""
        shown = self._presenter.picture
        if shown is None:
            return
        self.first.show_heatmap(None)
        self._shown_heatmap = None
        self.first.set_assessed(None)
        opened = shown.opened
        self.first.show_photograph(
            shown.pixels, opened.name, self.both.which(shown).laterality, opened.content_hash
        )
        # After the photograph: a veil that is lifted by it brings its heatmap at once.
        self._show_reading()
        self.regions.show_picture()
        self.both.link.align()
        self.view.activate(0)
        self.keep_red_free(False)

    def _prepare_ahead(self) -> None:
        readings, near = self._presenter.readings, self._presenter.ahead.near
        found = (readings.picture(path) for path in near)
        self.first.prepare_ahead([picture.pixels for picture in found if picture is not None])

    def _cautioned(
        self, picture: Picture | None, answer: RetinopathyAnswer | None
    ) -> RetinopathyAnswer | None:
        """What the model says of a photograph, with what its disc and fovea say to that."""
        if picture is None or answer is None:
            return answer
        return cautioned(answer, self.regions.marks.sought(picture))

    def _completed(self, exported: Exported) -> Exported:
        answer = self._cautioned(exported.picture, exported.answer)
        reading = self.reading.signed_reading(exported.picture.opened.content_hash)
        return self.stages.exported(replace(exported, answer=answer, reading=reading))

    def _on_marks(self) -> None:
        presenter = self._presenter
        answer = self._cautioned(presenter.picture, presenter.answer)
        if answer is not None:
            self.model_block.warn(answer.warnings)

    def _show_reading(self) -> None:
        """The form is that of the eyes on the screen."""
        self.reading.show_eyes(*self.both.seen())

    def show_standing(self) -> None:
        """Another answer, or none, or an older one."""
        presenter, unfolded = self._presenter, self._unfolded
        self.both.show_standing(self._look(), unfolded=unfolded)
        self._show_reading()
        standing, answer = presenter.standing, presenter.answer
        asking = presenter.asking
        told = self._cautioned(presenter.picture, answer)
        self.model_block.show_standing(standing, told, asking=asking, unfolded=unfolded)
        heatmap = self.both.heatmap()
        self._show_stage(unfolded)
        self.regions.list.is_superseded = self._evidence is None and heatmap not in (
            None, presenter.heatmap
        )  # fmt: skip
        if heatmap is not self._shown_heatmap:
            self._shown_heatmap = heatmap
            self.first.show_heatmap(heatmap)
        self.first.set_assessed(None if answer is None else answer.assessed)
        self.first.set_captions(self._captions())
        self._show_refusal()
        self.show_look()

    def _show_refusal(self) -> None:
        answered = self._presenter.standing is Standing.ANSWERED
        may = answered and not self.view.both and not self.first.state.hidden
        self.refusal.show_answer(self._presenter.answer if may else None)
        self.first.set_dimmed(self.refusal.isVisibleTo(self.first))

    @property
    def _evidence(self) -> StageEvidence | None:
        """The stage's heatmap on the first view, while one is shown there."""
        shown = self._presenter.picture
        return None if shown is None else self.stages.evidence(shown)

    @property
    def _unfolded(self) -> bool:
        """Whether the limits of the packs that answered are told whole."""
        shown, answer = self._presenter.picture, self._presenter.answer
        if shown is None or answer is None:
            return self._presenter.settings.limits
        stage = self.stages.face(shown, answer)
        told = (answer, None if stage is None else stage.answer)
        seals = [each.pack.sha256 for each in told if each is not None and each.notes]
        return self._limits.unfolded(shown.opened.content_hash, seals)

    def unfold_limits(self, unfolded: bool) -> None:
        """Tell what holds for every answer of the packs whole, or how many sentences it is."""
        self._limits.unfold(unfolded)
        self.show_standing()

    def _show_stage(self, unfolded: bool) -> None:
        stages, presenter = self.stages, self._presenter
        shown, active = presenter.picture, self.both.picture
        face = None if shown is None else stages.face(shown, presenter.answer)
        self.model_block.show_stages(face, unfolded=unfolded)
        pack = stages.pack
        threshold = LESION_THRESHOLD if pack is None else pack.lesion_threshold
        self.regions.list.follow(self._evidence, threshold)
        answer = None if active is None else stages.answer(active)
        told = () if answer is None else answer.stages
        chosen = None if active is None else stages.explained(active)
        names = [stage_words(told, place) for place in range(len(told))]
        awaited = face is not None and face.answer is None and not face.nothing
        self.heatmap_block.show_evidence(names, chosen, awaited=awaited)

    def show_look(self) -> None:
        """Another opacity, threshold or colour map."""
        presenter = self._presenter
        offered, criterion = self._criteria()
        # The pack that the engine will name may draw by another.
        self.heatmap_block.offer(offered if presenter.packs_known else ())
        self.heatmap_block.show_look(presenter.look, criterion)
        for pane in self.view.panes:
            pane.set_look(self._look())

    def _look(self) -> Look:
        look = self._presenter.look
        stale = self._presenter.standing is Standing.STALE
        return replace(look, opacity=look.opacity * _STALE) if stale else look

    def show_packs(self) -> None:
        """Other packs, or another one in force."""
        presenter = self._presenter
        self.pack_block.show_packs(presenter.packs, presenter.pack, known=presenter.packs_known)
        self.pack_block.show_stage_packs(self.stages.packs, self.stages.pack)

    def show_blocks(self, visible: bool) -> None:
        """Whether the panel is the photograph's; a heatmap block only where there may be a map."""
        presenter = self._presenter
        may_have_map = presenter.answer is None or presenter.heatmap is not None
        may_have_map = may_have_map and presenter.standing is not Standing.HIDDEN
        for block in self.blocks:
            block.setVisible(visible and (block is not self.heatmap_block or may_have_map))
        self.model_block.setVisible(visible and not self.both.is_on)
        self.both.block.setVisible(visible and self.both.is_on)
        self.regions.show_blocks(visible)

    def _captions(self) -> Captions:
        shown, answer = self._presenter.picture, self._presenter.answer
        return Captions() if shown is None else self.both.captions(shown, answer)
