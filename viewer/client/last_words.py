"""The arrays that a request's last word lends."""

from engine.service import messages
from engine.service.messages import Last, MapFile


def files_of(message: Last) -> tuple[str, ...]:
    """The files of its arrays."""
    match message:
        case messages.Opened(file=file):
            return (file,)
        case messages.Answered(heatmap=MapFile(file=file)):
            return (file,)
        case messages.AnsweredStage(heatmap=MapFile(file=file)):
            return (file,)
        case messages.TruthChecked(orders=orders):
            return tuple(order.file for order in orders)
        case messages.AnsweredTogether(heatmaps=heatmaps):
            return tuple(heatmap.file for heatmap in heatmaps if heatmap is not None)
        case messages.VolumeOpened(file=file) | messages.Thumbnail(file=file):
            return (file,)
        case messages.RegionsFound(file=file) if file:
            return (file,)
    return ()
