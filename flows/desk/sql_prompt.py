"""The line that is typed into: history, completion, several lines until a semicolon."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from prompt_toolkit import PromptSession
from prompt_toolkit.auto_suggest import AutoSuggestFromHistory
from prompt_toolkit.completion import Completer
from prompt_toolkit.filters import Condition
from prompt_toolkit.history import FileHistory, History, InMemoryHistory
from prompt_toolkit.input import Input
from prompt_toolkit.output import Output
from prompt_toolkit.shortcuts import CompleteStyle


def is_complete(text: str) -> bool:
    """Whether what is typed is to be answered: a command in one line, or SQL to its semicolon."""
    stripped = text.strip()
    return not stripped or stripped.startswith(".") or stripped.endswith(";")


def make_prompt(
    completer: Completer,
    history: Path,
    prompt: str,
    more: str,
    input: Input | None = None,
    output: Output | None = None,
) -> Callable[[], str]:
    """What asks for one statement or command; raises EOFError for Ctrl-D, KeyboardInterrupt for Ctrl-C.

    The history is the person's own file, readable to nobody else; where it cannot be kept, it lasts for the sitting.
    """

    def has_more() -> bool:
        return not is_complete(session.default_buffer.text)

    session: PromptSession[str] = PromptSession(
        message=prompt,
        completer=completer,
        complete_while_typing=False,
        complete_style=CompleteStyle.MULTI_COLUMN,
        history=_open_history(history),
        auto_suggest=AutoSuggestFromHistory(),
        multiline=Condition(has_more),
        prompt_continuation=more,
        input=input,
        output=output,
    )
    return session.prompt


def _open_history(file: Path) -> History:
    with suppress(OSError):
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        file.touch(mode=0o600)
        return FileHistory(str(file))
    return InMemoryHistory()
