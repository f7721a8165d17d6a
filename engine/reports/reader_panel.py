"""What the reader signed, below an annotated picture: a panel of its own, apart from the model's.

Decided: the note is left out, for it may name a patient, as is a draft, which nobody stands for.
"""

from datetime import datetime

from engine.records.forms import STAGES, Form, Oedema, SignedReading
from engine.reports import ink
from engine.reports.sheet import Sheet, Type, Weight
from engine.telling import words

_LABEL = Type(11, Weight.SEMIBOLD)
_CHIEF = Type(18, Weight.SEMIBOLD)
_BODY = Type(13)
_SECOND = Type(12)
_HEIGHT = 88.0
_LINE = 19.0
_AMENDED = "The reader has changed this since and not signed it anew."
_OEDEMA = {
    Oedema.NO: "No macular oedema",
    Oedema.YES: "Macular oedema",
    Oedema.CANNOT_TELL: "Macular oedema cannot be told",
}


def height(reading: SignedReading | None) -> float:
    """Of the panel, in logical pixels; none without a signed reading."""
    if reading is None:
        return 0.0
    return _HEIGHT + (_LINE if reading.amended else 0.0)


def draw(sheet: Sheet, top: float, side: float, width: float, reading: SignedReading) -> None:
    """The panel from ``top`` on, ``width`` wide, its words ``side`` from both edges."""
    sheet.rectangle((0, top, width, top + 1), ink.LINE)
    sheet.rectangle((0, top, 3, top + height(reading)), ink.READER)
    sheet.text((side, top + 27), "READER", _LABEL, ink.READER)
    at = side + sheet.width("READER", _LABEL) + 10
    signed = sheet.cut(_signed(reading), _SECOND, width - side - at)
    sheet.text((at, top + 27), signed, _SECOND, ink.TEXT2)
    sheet.text((side, top + 52), _chief(reading.form), _CHIEF, ink.TEXT1)
    sheet.text((side, top + 73), _rest(reading.form), _BODY, ink.TEXT1)
    if reading.amended:
        sheet.text((side, top + 73 + _LINE), _AMENDED, _SECOND, ink.TEXT1)


def _signed(reading: SignedReading) -> str:
    """By whom and when, as far as that is known, here and not in Greenwich."""
    said = "Signed"
    if reading.at:
        at = datetime.fromisoformat(reading.at).astimezone()
        said += f" {words.date_words(f'{at:%Y%m%d}')} at {at:%H:%M}"
    if reading.who:
        said += f" under the account {reading.who}"
    return f"{said}, version {reading.version}" if reading.version > 1 else said


def _chief(form: Form) -> str:
    if form.is_ungradable or form.grade is None:
        return "Ungradable"
    return f"Stage {form.grade}, {STAGES[form.grade]}"


def _rest(form: Form) -> str:
    """Oedema, outcome and the picture's quality, each a sentence."""
    oedema = "" if form.is_ungradable or form.oedema is None else _OEDEMA[form.oedema]
    outcome = f"Outcome: {form.outcome}" if form.outcome else ""
    quality = f"Picture quality: {form.quality}" if form.quality else ""
    quality += f", {form.fault}" if form.fault else ""
    return " ".join(f"{part}." for part in (oedema, outcome, quality) if part)
