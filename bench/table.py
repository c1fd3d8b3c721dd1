"""The one table of the bench: a figure, what it is compared with, and the gate it must hold."""

from __future__ import annotations

import os
import platform
import sys
from dataclasses import dataclass
from pathlib import Path

HEADS = ("what", "ours", "other", "ratio", "gate", "ok")


@dataclass(frozen=True, slots=True)
class Row:
    """One figure. other: what it is compared with; limit: the most that the gated value may be, None for a report.

    The gated value is the ratio where there is one, else ours.
    """

    what: str
    ours: float
    unit: str
    other: float | None = None
    limit: float | None = None
    digits: int = 2

    @property
    def ratio(self) -> float | None:
        """Ours in units of the other."""
        return self.ours / self.other if self.other else None

    @property
    def holds(self) -> bool:
        """Whether the gate, if there is one, is kept."""
        value = self.ours if self.ratio is None else self.ratio
        return self.limit is None or value <= self.limit

    def cells(self) -> tuple[str, ...]:
        """The row as it is printed."""
        ratio, unit = self.ratio, f" {self.unit}"
        gate = "" if self.limit is None else f"≤ {self.limit:g}" + ("" if ratio is not None else unit)
        return (
            self.what,
            f"{self.ours:,.{self.digits}f}{unit}",
            "" if self.other is None else f"{self.other:,.{self.digits}f}{unit}",
            "" if ratio is None else f"{ratio:.2f}",
            gate,
            "" if self.limit is None else ("yes" if self.holds else "NO"),
        )


def draw(rows: list[Row]) -> str:
    """The table as Markdown with aligned columns, so that it can be put into a document as it is."""
    cells = [HEADS, *(row.cells() for row in rows)]
    widths = [max(len(line[column]) for line in cells) for column in range(len(HEADS))]
    lines = [
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) + " |" for line in cells
    ]
    lines.insert(1, "|" + "|".join("-" * (width + 2) for width in widths) + "|")
    return "\n".join(lines)


def machine() -> str:
    """The machine in one line: processor, cores, Python and the operating system."""
    model = ""
    info = Path("/proc/cpuinfo")
    if info.exists():
        names = [
            line.partition(":")[2].strip() for line in info.read_text("utf-8").splitlines() if "model name" in line
        ]
        model = names[0] if names else ""
    load = f", load {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else ""
    python = ".".join(map(str, sys.version_info[:3]))
    return f"{model or platform.machine()}, {os.cpu_count()} cores{load}, Python {python}, {platform.system()}"
