"""What stands on the to-do list that goes to a unit and comes back: texts that its writer and its reader share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

COLUMNS = (
    "number",
    "severity",
    "sheet",
    "cell",
    "label",
    "observed",
    "trouble",
    "advice",
    "proposed",
    "explanation",
    "status",
    "finding_id",
    "figure_hash",
)
SEVERITIES = ("critical", "warning", "info")


@dataclass(frozen=True, slots=True)
class FeedbackForm:
    """The to-do list: its sheet, the name and the mark by which it is known again, its columns in their order.

    `author` signs the comments in a marked workbook, `comment_head` begins each of them (`{version}`).
    """

    todo_sheet: str
    todo_name: str
    mark: str
    author: str
    comment_head: str
    columns: Mapping[str, str]
    severities: Mapping[str, str]

    def __post_init__(self) -> None:
        if tuple(self.columns) != COLUMNS:
            raise TypeError(f"feedback.columns are {', '.join(COLUMNS)}, in this order")
        if tuple(self.severities) != SEVERITIES:
            raise TypeError(f"feedback.severities are {', '.join(SEVERITIES)}, in this order")
