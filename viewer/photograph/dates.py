"""Days as visits have them: read from what a reader types, and told in words."""

from datetime import date

from engine.visits.visit import DateSource, Visit

NOT_KNOWN = "Date not known"
FORMS = "Write it as 2024-03-12 or 12 Mar 2024."
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_SOURCES = {
    DateSource.READER: "said by you",
    DateSource.HEADER: "from the header",
    DateSource.TABLE: "from the table",
    DateSource.NONE: "",
}


def day_of(visit: Visit) -> date | None:
    """The day of a visit; None where it is not known."""
    return read(visit.date)


def read(words: str) -> date | None:
    """A day as a reader writes it: "2024-03-12", "12 Mar 2024", "20240312"; None if it is none."""
    parts = words.replace(",", " ").split()
    try:
        if len(parts) == 1:
            return date.fromisoformat(parts[0])
        if len(parts) == 3 and parts[1].isalpha() and len(parts[1]) >= 3:
            month = _MONTHS.index(parts[1][:3].lower()) + 1
            return date(int(parts[2]), month, int(parts[0]))
    except ValueError:
        return None
    return None


def words_of(day: date | None) -> str:
    """A day as LOOK 12 writes it: "12 Mar 2024"."""
    if day is None:
        return NOT_KNOWN
    return f"{day.day} {_MONTHS[day.month - 1].capitalize()} {day.year}"


def visit_words(visit: Visit) -> str:
    """The day of a visit in words."""
    return words_of(day_of(visit))


def source_words(source: DateSource) -> str:
    """Whose word a day is."""
    return _SOURCES[source]
