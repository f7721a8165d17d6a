"""A card's lines are of one length, and nothing in them is cut."""

from engine.training.card_text import WIDTH, ended, wrapped


def test_paragraphs_are_wrapped_and_tables_are_not() -> None:
    row = f"| {'cell ' * 30}|"
    said = wrapped(f"{'word ' * 40}\n\n{row}\n")
    assert row in said.splitlines()
    assert max(len(line) for line in said.splitlines() if line != row) <= WIDTH


def test_an_address_longer_than_a_line_stays_whole() -> None:
    address = f"https://example.org/{'a' * 120}"
    assert f"\n{address}\n" in wrapped(f"{'word ' * 18}{address} and more.")


def test_a_line_that_begins_with_a_number_belongs_to_its_paragraph() -> None:
    assert wrapped("Each took\n1800 steps of\n6 photographs.\n") == (
        "Each took 1800 steps of 6 photographs.\n"
    )
    assert wrapped("1. One\n2. Two\n") == "1. One\n2. Two\n"


def test_what_a_person_wrote_ends_before_the_next_sentence_begins() -> None:
    assert ended("IDRiD") == ended("IDRiD.") == ended("IDRiD.\n") == "IDRiD."
