"""Artifacts and progress on the Prefect server: sent beside the work, never in its way."""

from __future__ import annotations

import json
import logging
import queue
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import copy_context
from typing import TYPE_CHECKING
from uuid import UUID

from prefect.client.orchestration import get_client
from prefect.client.schemas.actions import ArtifactCreate, ArtifactUpdate
from prefect.context import FlowRunContext

if TYPE_CHECKING:
    from flows.telling.artifact_words import Told

LOG = logging.getLogger("thidua.progress")
LEAST_SECONDS = 0.4  # between two moves that are sent; those between are passed over
LAST = 100.0


def flow_run_id() -> UUID | None:
    """The id of the Prefect flow run that this is part of."""
    context = FlowRunContext.get()
    return None if context is None or context.flow_run is None else context.flow_run.id


def send_artifacts(several: Iterable[Told], period_code: str) -> None:
    """Puts artifacts on the server over one connection, each a new version of its key; a failure is only told."""
    run_id = flow_run_id()
    try:
        with get_client(sync_client=True) as client:
            for told in several:
                client.create_artifact(
                    ArtifactCreate(
                        key=key_of(told.name, period_code),
                        type="table" if told.rows else "markdown",
                        description=f"{told.title} · {period_code}",
                        data=_as_json(told),
                        flow_run_id=run_id,
                    )
                )
    except Exception:
        LOG.warning("Không ghi được bảng tóm tắt lên trang Prefect", exc_info=True)


def _as_json(told: Told) -> str:
    return json.dumps(list(told.rows), ensure_ascii=False) if told.rows else told.markdown


def key_of(name: str, period_code: str) -> str:
    """The stable key of an artifact of a period: lower-case letters, digits and dashes."""
    return f"{name}-{period_code.lower()}"


class RunProgress:
    """How far a run is, as an artifact that moves. `move` returns at once; what comes too fast is passed over."""

    def __init__(self, period_code: str) -> None:
        self.period_code = period_code
        self._run_id = flow_run_id()
        self.reached = 0.0
        self._is_ending = threading.Event()
        self._moves: queue.SimpleQueue[tuple[float, str] | None] = queue.SimpleQueue()
        context = copy_context()
        self._thread = threading.Thread(target=context.run, args=(self._send_all,), daemon=True)
        self._thread.start()

    def move(self, percent: float, words: str) -> None:
        """Sets how far it is, of 100, and what is being done."""
        self.reached = percent
        self._moves.put((percent, words))

    def end(self) -> None:
        """Waits until the last move is on the server."""
        self._is_ending.set()
        self._moves.put(None)
        self._thread.join(timeout=10)

    def _send_all(self) -> None:
        try:
            with get_client(sync_client=True) as client:
                artifact_id: UUID | None = None
                for percent, words in self._latest():
                    description = f"Tiến độ · {self.period_code} · {words}"
                    if artifact_id is None:
                        created = client.create_artifact(
                            ArtifactCreate(
                                key=key_of("tien-do", self.period_code),
                                type="progress",
                                description=description,
                                data=percent,
                                flow_run_id=self._run_id,
                            )
                        )
                        artifact_id = created.id
                    else:
                        client.update_artifact(artifact_id, ArtifactUpdate(data=percent, description=description))
        except Exception:
            LOG.warning("Không ghi được tiến độ lên trang Prefect", exc_info=True)

    def _latest(self) -> Iterator[tuple[float, str]]:
        """The moves, without those that a later one overtook in the meantime."""
        is_open = True
        while is_open:
            move = self._moves.get()
            while move is not None and not self._moves.empty():
                later = self._moves.get()
                if later is None:
                    is_open = False
                    break
                move = later
            if move is None:
                return
            yield move
            if is_open and self._moves.empty():
                self._is_ending.wait(LEAST_SECONDS)


@contextmanager
def shown_progress(period_code: str) -> Iterator[RunProgress]:
    """A run's progress on the Prefect page: at its end 100, or where it stopped and that it did."""
    progress = RunProgress(period_code)
    progress.move(0.0, "bắt đầu")
    try:
        yield progress
    except BaseException:
        progress.move(progress.reached, "dừng giữa chừng, xem lý do ở lượt chạy")
        progress.end()
        raise
    progress.move(LAST, "xong")
    progress.end()
