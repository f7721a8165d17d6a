"""Where files come in and go out: the file dialogs, the recent ones, and the drop."""

from collections.abc import Mapping
from functools import partial
from pathlib import Path

from PySide6.QtCore import QChildEvent, QEvent, QMimeData, QObject, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QFileDialog, QMenu, QWidget

from viewer.files.file_dialogs import ALL_FILES, dress
from viewer.panels.drop import DropEdge
from viewer.photograph.presenter import Presenter
from viewer.theme.theme import Theme

PACK_ENDING = ".llpack"
_PICTURES = (
    f"{ALL_FILES};;"
    "Photographs (*.jpg *.jpeg *.png *.tif *.tiff *.bmp *.webp);;"
    "Volumes (*.dcm *.nii *.nii.gz *.hdr *.img *.nrrd *.nhdr *.mha *.mhd *.zip DICOMDIR)"
)
_MASKS = f"Masks (*.nii *.nii.gz *.hdr *.img *.nrrd *.nhdr *.mha *.mhd);;{ALL_FILES}"
_PACKS = f"Packs (*{PACK_ENDING});;{ALL_FILES}"
_FIGURES = {"PNG (*.png)": ".png", "SVG (*.svg)": ".svg"}


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
        self._saved_in: Path | None = None
        self._edge = DropEdge(theme, window)
        recent.setToolTipsVisible(True)
        recent.aboutToShow.connect(self._fill_recent)
        window.setAcceptDrops(True)
        window.installEventFilter(self)

    # ---- choosing

    @property
    def folder(self) -> str:
        """Where what is shown came from, for a choice to begin there; empty if nothing was."""
        recent, picture = self._presenter.settings.recent, self._presenter.picture
        if recent:
            return str(Path(recent[0]).parent)
        return "" if picture is None else str(picture.path.parent)

    def choose_picture(self) -> None:
        """Let the person choose a file, and open it."""
        names, _ = QFileDialog.getOpenFileNames(self._window, "Open", self.folder, _PICTURES)
        if names:
            self.chosen.emit([Path(name) for name in names])

    def choose_folder(self) -> None:
        """Let the person choose a folder, and open what is in it."""
        name = QFileDialog.getExistingDirectory(self._window, "Open a folder", self.folder)
        if name:
            self.chosen.emit([Path(name)])

    def choose_to_save(self, title: str, usual: str, kinds: Mapping[str, str]) -> Path | None:
        """Let the person choose where something goes; None if they think better of it.

        ``usual`` is the name that is proposed, in the folder that was used last, else beside what
        is shown. ``kinds`` are the filters, and the ending that each gives to a name without one.
        """
        kept = self._saved_in is not None and self._saved_in.is_dir()
        folder = self._saved_in if kept else self.folder
        proposed = str(Path(folder or "", usual.replace("/", " ")))
        name, kind = QFileDialog.getSaveFileName(self._window, title, proposed, ";;".join(kinds))
        if not name:
            return None
        self._saved_in = Path(name).parent
        ended = name.lower().endswith(tuple(kinds.values()))
        return Path(name if ended else f"{name}{kinds.get(kind, next(iter(kinds.values())))}")

    def choose_file_for(self, usual: str) -> Path | None:
        """Let the person choose where a PNG goes."""
        return self.choose_to_save("Save the annotated picture", usual, {"PNG (*.png)": ".png"})

    def choose_figure(self, usual: str) -> Path | None:
        """Let the person choose where a figure goes, as pixels or as lines."""
        return self.choose_to_save("Export the figure", usual, _FIGURES)

    def choose_regions(self, usual: str) -> Path | None:
        """Let the person choose where regions and drawings go."""
        kinds = {"JSON (*.json)": ".json"}
        return self.choose_to_save("Save regions and drawings", usual, kinds)

    def choose_readings(self) -> Path | None:
        """Let the person choose where the table of signed readings goes."""
        kinds = {"Tables (*.csv)": ".csv"}
        return self.choose_to_save("Save the signed readings", "readings.csv", kinds)

    def choose_export(self) -> None:
        """Let the person choose where the annotated picture goes, or say why it cannot be made."""
        exported = self._presenter.exports.shown
        if exported is None or exported.why:
            self._presenter.exports.write(Path())
            return
        shown = exported.picture
        to = self.choose_file_for(f"{shown.path.stem} annotated.png")
        if to is not None:
            self._presenter.exports.write(to, of=shown)

    def choose_other_eye(self) -> Path | None:
        """Let the person choose the photograph of the patient's other eye."""
        name, _ = QFileDialog.getOpenFileName(
            self._window, "The patient's other eye", self.folder, _PICTURES
        )
        return Path(name) if name else None

    def choose_mask(self) -> Path | None:
        """Let the person choose the mask to lay over a series."""
        name, _ = QFileDialog.getOpenFileName(
            self._window, "Lay a mask over this series", self.folder, _MASKS
        )
        return Path(name) if name else None

    def choose_pack(self) -> None:
        """Let the person choose a pack, and add it."""
        name, _ = QFileDialog.getOpenFileName(self._window, "Add a pack", self.folder, _PACKS)
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
            if isinstance(dialog, QFileDialog):  # which Qt is still making
                dialog.installEventFilter(self)
        if kind is QEvent.Type.Show and isinstance(watched, QFileDialog):
            watched.removeEventFilter(self)
            dress(watched, self._theme)
            return False
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
    """The pack of a drop: a file by its ending, or by its manifest a folder that comes first.

    One path alone is looked at: a hand drops thousands of files from a slow network, too.
    """
    for path in paths:
        if path.suffix == PACK_ENDING:
            return path
    return next((path for path in paths[:1] if holds_pack(path)), None)


def holds_pack(folder: Path) -> bool:
    """Whether a pack's manifest lies in it; of a folder that may not be read it is not known."""
    try:
        return (folder / "manifest.json").is_file()
    except OSError:
        # Python before 3.14 raises where the folder's rights forbid the look.
        return False
