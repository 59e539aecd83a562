"""Which examples are most like a question: an inverted index over the rows of the examples."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from knowledge.matching.vectors import Row, Rows


@dataclass(frozen=True, slots=True)
class Neighbours:
    """Per column the examples that have it, one after the other."""

    starts: NDArray[np.int64]
    examples: NDArray[np.int32]
    values: NDArray[np.float32]
    total: int

    @classmethod
    def of(cls, rows: Rows, width: int) -> Neighbours:
        owners = np.repeat(np.arange(len(rows), dtype=np.int32), np.diff(rows.starts))
        order = np.argsort(rows.columns, kind="stable")
        starts = np.searchsorted(rows.columns[order], np.arange(width + 1))
        return cls(starts, owners[order], rows.values[order], len(rows))

    def likeness(self, row: Row) -> NDArray[np.float32]:
        """Cosine with every example, 0..1; the constant last column left out."""
        result = np.zeros(self.total, dtype=np.float32)
        for column, value in zip(*row, strict=True):
            if column < len(self.starts) - 2:
                part = slice(self.starts[column], self.starts[column + 1])
                result[self.examples[part]] += value * self.values[part]
        return result
