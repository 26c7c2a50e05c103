"""The form that a province fills: its cover, its columns, its choices, and what is handed back."""

from __future__ import annotations

from dataclasses import dataclass

from catalogue.feedback import FeedbackForm


@dataclass(frozen=True, slots=True)
class CoverField:
    name: str
    label: str
    hint: str
    aliases: tuple[str, ...]
    is_required: bool


@dataclass(frozen=True, slots=True)
class FormField:
    """One column of a section's sheet; `prefix` makes the workbook-scoped names of its cells."""

    name: str
    prefix: str
    header: str
    aliases: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Form:
    version: str
    known_versions: tuple[str, ...]
    title: str
    organisation: str
    cover_sheet: str
    instructions_sheet: str
    cover: tuple[CoverField, ...]
    fields: tuple[FormField, ...]
    choices: dict[str, tuple[str, ...]]
    feedback: FeedbackForm
