"""Where files come in and go out: the file dialogs, the recent ones, and the drop."""

from functools import partial
from pathlib import Path

from PySide6.QtCore import QChildEvent, QEvent, QMimeData, QObject, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QFileDialog, QMenu, QWidget

from viewer.file_dialogs import dress
from viewer.panels.drop import DropEdge
from viewer.presenter import Presenter
from viewer.theme.theme import Theme

PACK_ENDING = ".llpack"
_PICTURES = (
    "All files (*);;"
    "Photographs (*.jpg *.jpeg *.png *.tif *.tiff *.bmp *.webp);;"
    "Volumes (*.dcm *.nii *.nii.gz *.hdr *.img *.nrrd *.nhdr *.mha *.mhd *.zip DICOMDIR)"
)
_PACKS = f"Packs (*{PACK_ENDING});;All files (*)"


class Doors(QObject):
    """Leads what a person chooses or drops on ``window`` to where it is opened."""

    chosen = Signal(object)
    """A list of paths to be opened."""

    def __init__(self, window: QWidget, theme: Theme, presenter: Presenter, recent: QMenu) -> None:
        super().__init__(window)
        self._window = window
        self._theme = theme
        self._presenter = presenter
        self._recent = recent
        self._edge = DropEdge(theme, window)
        recent.setToolTipsVisible(True)
        recent.aboutToShow.connect(self._fill_recent)
        window.setAcceptDrops(True)
        window.installEventFilter(self)

    # ---- choosing

    def choose_picture(self) -> None:
        """Let the person choose a file, and open it."""
        recent = self._presenter.settings.recent
        folder = str(Path(recent[0]).parent) if recent else ""
        names, _ = QFileDialog.getOpenFileNames(self._window, "Open", folder, _PICTURES)
        if names:
            self.chosen.emit([Path(name) for name in names])

    def choose_folder(self) -> None:
        """Let the person choose a folder, and open what is in it."""
        recent = self._presenter.settings.recent
        folder = str(Path(recent[0]).parent) if recent else ""
        name = QFileDialog.getExistingDirectory(self._window, "Open a folder", folder)
        if name:
            self.chosen.emit([Path(name)])

    def choose_file_for(self, usual: str) -> Path | None:
        """Let the person choose where a PNG goes."""
        name, _ = QFileDialog.getSaveFileName(
            self._window, "Save the annotated picture", usual, "PNG (*.png)"
        )
        if not name:
            return None
        return Path(name) if name.lower().endswith(".png") else Path(f"{name}.png")

    def choose_figure(self, usual: str) -> Path | None:
        """Let the person choose where a figure goes, as pixels or as lines."""
        kinds = {"PNG (*.png)": ".png", "SVG (*.svg)": ".svg"}
        name, kind = QFileDialog.getSaveFileName(
            self._window, "Export the figure", usual, ";;".join(kinds)
        )
        if not name:
            return None
        ended = name.lower().endswith(tuple(kinds.values()))
        return Path(name) if ended else Path(f"{name}{kinds.get(kind, '.png')}")

    def choose_regions(self, usual: str) -> Path | None:
        """Let the person choose where regions and drawings go."""
        name, _ = QFileDialog.getSaveFileName(
            self._window, "Save regions and drawings", usual, "JSON (*.json)"
        )
        if not name:
            return None
        return Path(name) if name.lower().endswith(".json") else Path(f"{name}.json")

    def choose_export(self) -> None:
        """Let the person choose where the annotated picture goes, or say why it cannot be made."""
        exported = self._presenter.exports.shown
        if exported is None or exported.why:
            self._presenter.exports.write(Path())
            return
        shown = exported.picture
        usual = shown.path.with_name(f"{shown.path.stem} annotated.png")
        to = self.choose_file_for(str(usual))
        if to is not None:
            self._presenter.exports.write(to, of=shown)

    def choose_other_eye(self) -> Path | None:
        """Let the person choose the photograph of the patient's other eye."""
        shown = self._presenter.picture
        folder = str(shown.path.parent) if shown is not None else ""
        name, _ = QFileDialog.getOpenFileName(
            self._window, "The patient's other eye", folder, _PICTURES
        )
        return Path(name) if name else None

    def choose_readings(self) -> Path | None:
        """Let the person choose where the table of signed readings goes."""
        name, _ = QFileDialog.getSaveFileName(
            self._window, "Save the signed readings", "readings.csv", "Tables (*.csv)"
        )
        if not name:
            return None
        return Path(name) if name.lower().endswith(".csv") else Path(f"{name}.csv")

    def choose_pack(self) -> None:
        """Let the person choose a pack, and add it."""
        name, _ = QFileDialog.getOpenFileName(self._window, "Add a pack", "", _PACKS)
        if name:
            self._presenter.install_pack(Path(name))

    def _fill_recent(self) -> None:
        self._recent.clear()
        for path in map(Path, self._presenter.settings.recent):
            action = self._recent.addAction(path.name, partial(self.chosen.emit, [path]))
            action.setToolTip(str(path))
        if self._presenter.settings.recent:
            self._recent.addSeparator()
            self._recent.addAction("Empty this list", self._forget_recent)
        else:
            self._recent.addAction("No picture was opened yet").setEnabled(False)

    def _forget_recent(self) -> None:
        self._presenter.preferences.change(recent=())

    # ---- dropping

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take what is dragged over the window; dress its file dialogs."""
        kind = event.type()
        if kind is QEvent.Type.ChildPolished and isinstance(event, QChildEvent):
            dialog = event.child()
            if isinstance(dialog, QFileDialog):
                dress(dialog, self._theme)
        if kind is QEvent.Type.DragEnter and isinstance(event, QDragEnterEvent):
            return self._enter(event)
        if kind is QEvent.Type.DragLeave:
            self._edge.hide()
        if kind is QEvent.Type.Drop and isinstance(event, QDropEvent):
            return self._drop(event)
        return super().eventFilter(watched, event)

    def _enter(self, event: QDragEnterEvent) -> bool:
        paths = dropped_paths(event.mimeData())
        if not paths:
            return False
        event.acceptProposedAction()
        # The first alone: looking at each would keep a hand waiting that drags many from a network.
        pack = pack_in(paths[:1])
        opens = f"Open {len(paths)} pictures" if len(paths) > 1 else f"Open {paths[0].name}"
        self._edge.say(f"Add the pack {pack.name}" if pack else opens)
        return True

    def _drop(self, event: QDropEvent) -> bool:
        self._edge.hide()
        paths = dropped_paths(event.mimeData())
        if not paths:
            return False
        event.acceptProposedAction()
        pack = pack_in(paths)
        if pack is not None:
            self._presenter.install_pack(pack)
            return True
        self.chosen.emit(paths)
        return True


def dropped_paths(data: QMimeData) -> list[Path]:
    """The local files of a drop; links to elsewhere are no files."""
    return [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]


def pack_in(paths: list[Path]) -> Path | None:
    """The pack of a drop, a file by its ending or a folder by its manifest."""
    for path in paths:
        if path.suffix == PACK_ENDING or (path / "manifest.json").is_file():
            return path
    return None
