"""Whether a photograph can be graded, and if not, why and what to do now.

The criteria are physical and measured per field, not per pixel, so that every camera and file size
meets the same ones: light, colour, sharpness relative to the eye's own larger structures, and how
much of the field is shown. docs/gradability.md has them for an ophthalmologist, with the margins
that were measured. All limits are decided: the paper grades whatever it is given.
"""

import numpy as np
from numpy.typing import NDArray

from engine.answers import Reason
from engine.preparation.appearance import Appearance
from engine.preparation.beside import beside
from engine.preparation.field_of_view import STRETCHED, FieldOfView, Method
from engine.telling.words import THIN

MOST_DIGITS = 6
"""Digits behind the point in a sentence: whatever is nearer to its limit is told as the same."""

DARKEST = 50.0  # median of the brightest channel, of 255
MOST_OVEREXPOSED = 0.10  # share of the field that has lost detail in red and green
MOST_RED_LOST = 0.75  # share of the field that has lost detail in red alone
LEAST_RED = 0.15  # (red - green) / brightest: 0 for grey, 0.33 to 0.71 for the eyes measured
LEAST_GREEN = -0.10  # (green - blue) / brightest: a bluish cast is allowed, a blue picture is not
SHARPEST_LIMIT = 0.31  # fine detail over coarse: below it vessels' edges are smeared
LEAST_DETAIL = 0.008  # fine detail in log green: below it nothing is drawn at all
MOST_COARSE = 0.22  # coarse detail in log green: the back of an eye has no such steps
MOST_FINE = 0.22  # fine detail in log green, likewise
LEAST_DARK_LINES = 0.9  # dark lines over bright lines: vessels are darker than their ground
MOST_GREY = 0.9  # share of what is lit that has no colour
PEAK = (4.3, 24.0)  # fine detail's 98th percentile over its median: lines on an even ground
SMALLEST = 256.0  # pixels across the field
FILLS_LEAST = 0.6  # of the picture's shorter side
MOST_MISSING = 0.25  # share of the field
MOST_STRETCHED = STRETCHED - 1  # of the field: one axis over the other
MOST_BESIDE = 0.03  # of the field: a second one, a fifth as wide, has a twenty-fifth of its area
EMPTY = 0.0005  # fine detail in log green: a blurred crop of an eye has four times as much
NOISE = 1.5  # fine detail over coarse: above it nothing is drawn, unless lines stand out

RETAKE = "Retake the photograph; if a retake is not possible, refer."
RETAKE_CLEAR = "Retake after dilation or cleaning the lens; if a retake is not possible, refer."
OPEN_FUNDUS = "Open a colour photograph of the back of the eye."


def reasons(found: Appearance, field: FieldOfView, shape: tuple[int, ...]) -> tuple[Reason, ...]:
    """Tell why a photograph of ``shape`` (y, x) cannot be graded, by what was found in its field.

    Empty if it can. Where one reason hides the others, as darkness does, it is given alone.
    """
    shorter = min(shape)
    if field.method is Method.MIDDLE_ROW:
        return (_no_fundus("No round field of a fundus camera was found, and its edge is needed."),)
    framing = (*_stretched(field), *_small_field(field, shorter))
    if found.brightness < DARKEST:
        its, needed = _apart(found.brightness, DARKEST)
        why = (
            f"The photograph is too dark: its brightness is {its} of 255, and at least {needed} is "
            "needed."
        )
        return (
            *framing,
            Reason(
                why, "Retake with more flash or after dilation; if a retake is not possible, refer."
            ),
        )
    if found.grey > MOST_GREY:
        return (_no_fundus("It has no colour, and grey or red-free photographs cannot be scored."),)
    overexposed = _overexposed(found)
    missing = _missing(found)
    if overexposed or (missing and found.missing > 0.5):
        return (*framing, *overexposed, *missing)
    stranger = _colour(found)
    if stranger:
        return stranger
    if found.fine < LEAST_DETAIL or found.fine < SHARPEST_LIMIT * found.coarse:
        return (*framing, _blurred(found), *missing)
    stranger = _structure(found)
    # A sharp-edged cover is no retina either, but what hides it is the truer reason.
    if stranger and not missing:
        return stranger
    return (*framing, *missing)


def another_eye(pixels: NDArray[np.uint8], field: FieldOfView) -> tuple[Reason, ...]:
    """Tell that a photograph, uint8 (y, x, 3), shows another eye beside this field; else empty.

    An answer would be of one eye alone, and be read as that of the picture. Where no circle was
    found, what lies beside the place that was taken for the field is its own.
    """
    if field.method is not Method.CIRCLE:
        return ()
    share = beside(pixels, field)
    if share <= MOST_BESIDE:
        return ()
    its, most = _percent_apart(share, MOST_BESIDE)
    why = (
        "The picture shows more than one field: what looks like the back of an eye beside the one "
        f"that would be assessed has {its} of its area, and at most {most} is allowed."
    )
    return (Reason(why, "Open each eye as a picture of its own."),)


def not_one_round_field(pixels: NDArray[np.uint8], field: FieldOfView) -> tuple[Reason, ...]:
    """Tell that a photograph, uint8 (y, x, 3), was stretched or shows two eyes; else empty."""
    return _stretched(field) or another_eye(pixels, field)


def no_eye(pixels: NDArray[np.uint8], field: FieldOfView) -> str:
    """Why a picture, uint8 (y, x, 3), shows no eye at all, in a sentence; empty where it may.

    For training, which keeps what cannot be graded: asked is only where no round field was found,
    and not for sharpness or light, so that a crop that is dark or blurred stays.
    """
    if field.method is not Method.MIDDLE_ROW:
        return ""
    found = Appearance.of(pixels, field)
    why = ""
    if found.grey > MOST_GREY:
        why = "it has no colour"
    elif found.fine < EMPTY:
        why = "it is flat, without any detail"
    elif found.coarse > MOST_COARSE or found.fine > MOST_FINE or found.peak > PEAK[1]:
        why = "it has steps and lines as no retina has"
    elif found.peak < PEAK[0] and found.fine > NOISE * found.coarse:
        why = "its detail is noise"
    elif _colour(found):
        why = "its colours are not those of an eye"
    return f"No round field of a fundus camera was found, and {why}." if why else ""


def _no_fundus(why: str) -> Reason:
    return Reason(
        f"This does not look like a colour photograph of the back of an eye. {why}", OPEN_FUNDUS
    )


def _stretched(field: FieldOfView) -> tuple[Reason, ...]:
    if field.method is not Method.ELLIPSE:
        return ()
    longer, other = ("wider", "high") if field.stretch > 1 else ("higher", "wide")
    its, most = _percent_apart(max(field.stretch, 1 / field.stretch) - 1, MOST_STRETCHED)
    why = (
        f"The photograph looks stretched: its field, round in the camera, is {its} {longer} than "
        f"it is {other}, and at most {most} is allowed."
    )
    return (Reason(why, "Export the photograph again in its true proportions."),)


def _small_field(field: FieldOfView, shorter: int) -> tuple[Reason, ...]:
    if field.width < SMALLEST:
        its, needed = _apart(field.width, SMALLEST)
        why = (
            f"The field of view is too small: it is {its} pixels across, and at least {needed} are "
            "needed."
        )
        return (Reason(why, "Export the photograph at its full size, or retake it."),)
    if field.width < FILLS_LEAST * shorter:
        its, needed = _percent_apart(field.width / shorter, FILLS_LEAST)
        why = (
            f"The field of view is too small: it spans {its} of the picture's shorter side, and at "
            f"least {needed} is needed."
        )
        return (
            Reason(
                why,
                "Retake so that the field fills the picture; if a retake is not possible, refer.",
            ),
        )
    return ()


def _overexposed(found: Appearance) -> tuple[Reason, ...]:
    if found.overexposed > MOST_OVEREXPOSED:
        its, most = _percent_apart(found.overexposed, MOST_OVEREXPOSED)
        why = (
            f"The photograph is overexposed: {its} of the field has lost its detail to white or "
            f"yellow, and at most {most} may."
        )
    elif found.red_lost > MOST_RED_LOST:
        its, most = _percent_apart(found.red_lost, MOST_RED_LOST)
        why = (
            f"The photograph is overexposed: {its} of the field has lost its detail in red, and at "
            f"most {most} may."
        )
    else:
        return ()
    return (Reason(why, "Retake with less flash; if a retake is not possible, refer."),)


def _missing(found: Appearance) -> tuple[Reason, ...]:
    if found.missing <= MOST_MISSING:
        return ()
    its, most = _percent_apart(found.missing, MOST_MISSING)
    why = (
        f"Too much of the field is missing: {its} of it is cut off, black or covered, and at most "
        f"{most} may be."
    )
    return (Reason(why, RETAKE),)


def _blurred(found: Appearance) -> Reason:
    sharpness = found.fine / max(found.coarse, 1e-6)
    if found.fine < LEAST_DETAIL:
        its, needed = _percent_apart(found.fine, LEAST_DETAIL, digits=1)
        why = (
            f"The photograph is too blurred: it shows next to no detail, {its} of contrast where "
            f"at least {needed} is needed."
        )
    else:
        its, needed = _percent_apart(sharpness, SHARPEST_LIMIT)
        why = (
            f"The photograph is too blurred: its fine detail has {its} of the contrast of its "
            f"coarse detail, and at least {needed} is needed."
        )
    return Reason(why, RETAKE_CLEAR)


def _colour(found: Appearance) -> tuple[Reason, ...]:
    if found.red < LEAST_RED:
        its, least = _percent_apart(found.red, LEAST_RED)
        return (
            _no_fundus(
                f"Its red exceeds its green by {its} of its brightness, and at least {least} is "
                "expected."
            ),
        )
    if found.green < LEAST_GREEN:
        its, most = _percent_apart(-found.green, -LEAST_GREEN)
        return (
            _no_fundus(
                f"Its blue exceeds its green by {its} of its brightness, and at most {most} is "
                "expected."
            ),
        )
    return ()


def _structure(found: Appearance) -> tuple[Reason, ...]:
    low, high = PEAK
    if found.coarse > MOST_COARSE or found.fine > MOST_FINE:
        step, highest = max(
            (found.coarse, MOST_COARSE), (found.fine, MOST_FINE), key=lambda pair: pair[0] / pair[1]
        )
        its, most = _percent_apart(step, highest)
        return (
            _no_fundus(
                f"It has steps of {its} in brightness, and the back of an eye has at most {most} "
                "of this kind."
            ),
        )
    if found.dark_lines < LEAST_DARK_LINES:
        its, least = _percent_apart(found.dark_lines, LEAST_DARK_LINES)
        return (
            _no_fundus(
                f"Its dark lines have {its} of the strength of its bright lines, and vessels need "
                f"at least {least}."
            ),
        )
    if found.peak < low:
        its, least = _apart(found.peak, low, digits=1)
        return (
            _no_fundus(
                "Its detail is spread evenly, as in noise or fabric, and no vessels stand out: "
                f"the strongest is {its} times the usual, and at least {least} is expected."
            ),
        )
    if found.peak > high:
        its, most = _apart(found.peak, high)
        return (
            _no_fundus(
                "It is drawn in hard lines on an empty ground: the strongest detail is "
                f"{its} times the usual, and at most {most} is expected."
            ),
        )
    return ()


def _apart(found: float, limit: float, digits: int = 0) -> tuple[str, str]:
    """What was found and its limit, with as many digits more as it takes to tell them apart."""
    while round(found, digits) == round(limit, digits) and digits < MOST_DIGITS:
        digits += 1
    return f"{found:.{digits}f}", f"{limit:.{digits}f}"


def _percent_apart(found: float, limit: float, digits: int = 0) -> tuple[str, str]:
    its, limits = _apart(100 * found, 100 * limit, digits)
    return f"{its}{THIN}%", f"{limits}{THIN}%"
