"""The last word that each request gets, and the arrays that it lends."""

from engine.service import messages
from engine.service.messages import MapFile

Last = (
    messages.Opened
    | messages.Answered
    | messages.AnsweredStage
    | messages.AnsweredTogether
    | messages.TruthChecked
    | messages.Drawn
    | messages.LandmarksFound
    | messages.RegionsFound
    | messages.Packs
    | messages.Found
    | messages.EyesFound
    | messages.VisitsFound
    | messages.VisitsCompared
    | messages.VolumeOpened
    | messages.TooMuch
    | messages.Thumbnail
    | messages.Refused
    | messages.Failed
    | messages.Gone
)
"""The last word that a request gets."""


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
        case messages.RegionsFound(file=file) | messages.VisitsCompared(file=file) if file:
            return (file,)
    return ()
