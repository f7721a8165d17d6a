"""The reproduction as a page: the paper's tables and figures beside what was found here."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from engine.cohort import pages
from engine.folders import write_bytes
from engine.reproduction.tables import Cell, Table, sources

TITLE = "Quellec et al. 2017, reproduced"


class Page:
    """What stands in the report: sentences, tables, differences and figures."""

    def __init__(
        self,
        about: Sequence[str],
        tables: Sequence[Table],
        differences: Sequence[str],
        figures: "Sequence[Figure]",
    ) -> None:
        self.about, self.tables = tuple(about), tuple(tables)
        self.differences, self.figures = tuple(differences), tuple(figures)

    def write(self, folder: Path, more: dict[str, Any]) -> Path:
        """Write report.md and report.json beside the figures. Raises ``Refusal``."""
        letters = sources(self.tables)
        parts = [pages.bullets(self.about), _HOW]
        parts += [_table(table, letters) for table in self.tables]
        parts.append(
            "## What the letters stand for\n\n"
            + pages.bullets([f"{letter}: {source}" for source, letter in letters.items()])
        )
        if self.differences:
            parts.append(
                "## Differences, paired\n\nMeans of the types; 95 % intervals of the same draws."
                f"\n\n{pages.bullets(self.differences)}"
            )
        parts += [figure.part for figure in self.figures]
        write_bytes(
            pages.folder(folder) / "report.json",
            json.dumps({**self.as_json(), **more}, ensure_ascii=False, indent=1).encode(),
        )
        return pages.write(folder, TITLE, parts)

    def as_json(self) -> dict[str, Any]:
        """The same for a script: cells by table, row and column."""
        return {
            "about": list(self.about),
            "tables": {
                f"table_{number}": {
                    "title": table.title,
                    "cells": {
                        row: dict(zip(table.columns, map(_cell_json, cells), strict=True))
                        for row, cells in zip(table.rows, table.cells, strict=True)
                    },
                }
                for number, table in enumerate(self.tables, 2)
            },
            "differences": list(self.differences),
            "figures": {
                each.name: {"files": each.files, "missing": each.missing} for each in self.figures
            },
        }

    def in_words(self) -> str:
        """Computed cells alone, for a terminal."""
        lines: list[str] = list(self.about)
        for table in self.tables:
            told: list[str] = []
            for row, cells in zip(table.rows, table.cells, strict=True):
                known = [
                    f"{column}: {_found(cell)} (printed {_printed(cell)})"
                    for column, cell in zip(table.columns, cells, strict=True)
                    if cell.value is not None
                ]
                if known:
                    told += [f"  {row}", *(f"    {each}" for each in known)]
            lines += ["", table.title, *told] if told else []
        missing = [
            cell for table in self.tables for row in table.cells for cell in row
            if cell.value is None
        ]  # fmt: skip
        lines += ["", *self.differences]
        if missing:
            lines += ["", f"{len(missing)} cells could not be computed:"]
            lines += [f"  {why}" for why in dict.fromkeys(cell.source for cell in missing)]
        return "\n".join(lines)


class Figure:
    """A figure of the paper: its files, what to see in them, or why there is none."""

    def __init__(
        self, name: str, files: Sequence[str], says: Sequence[str], missing: str = ""
    ) -> None:
        self.name, self.files = name, list(files)
        self.says, self.missing = tuple(says), missing

    @property
    def part(self) -> str:
        """Its part of the page."""
        drawn = "\n".join(f"![{file}]({file})" for file in self.files)
        told = pages.bullets([*self.says, *([self.missing] if self.missing else [])])
        return f"## {self.name}\n\n{drawn}\n\n{told}"


_HOW = (
    "In each cell: what was found here with its 95 % interval, a letter that says from what, and "
    "in square brackets what the paper prints. A dash could not be computed; its letter says why. "
    "Figures on other photographs than the paper's do not compare with its own; rows and columns "
    "of one table do."
)


def _table(table: Table, letters: dict[str, str]) -> str:
    rows = [
        [row, *(_cell(cell, letters[cell.source]) for cell in cells)]
        for row, cells in zip(table.rows, table.cells, strict=True)
    ]
    return f"## {table.title}\n\n{pages.table(['', *table.columns], rows)}"


def _cell(cell: Cell, letter: str) -> str:
    return f"{_found(cell)} {letter} [{_printed(cell)}]"


def _found(cell: Cell) -> str:
    if cell.value is None or cell.interval is None:
        return "-"
    return pages.figure(cell.value, cell.interval)


def _printed(cell: Cell) -> str:
    return "none" if cell.printed is None else f"{cell.printed:.3f}"


def _cell_json(cell: Cell) -> dict[str, Any]:
    said = asdict(cell)
    said["interval"] = None if cell.interval is None else [cell.interval.low, cell.interval.high]
    return said
