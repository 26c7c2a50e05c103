"""The Prefect worker that runs each flow run in a copy of a process that has imported everything.

A copy is a process of its own: it is killed, crashes and is cancelled alone, and what it used is given back at its end.
Everything else is as in Prefect's process worker, whose job template it shares.
"""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, cast

import anyio
import anyio.abc
from prefect.client.schemas.objects import FlowRun
from prefect.flows import load_flow_from_flow_run
from prefect.runner._control_channel import ControlChannel
from prefect.runner._flow_run_executor import FlowRunExecutionResult, FlowRunExecutorContext
from prefect.runner._process_manager import ProcessHandle, create_isolated_termination_scope
from prefect.settings.context import get_current_settings
from prefect.utilities.processutils import sanitize_subprocess_env
from prefect.workers.base import BaseWorker
from prefect.workers.process import ProcessJobConfiguration, ProcessVariables, ProcessWorkerResult

from flows.service.lost_runs import mark_lost_runs, name_process
from flows.service.pools import POOL_TYPE
from flows.service.warm_processes import WarmProcess, Zygote

PATIENCE_SECONDS = 30.0
END_SECONDS = 10.0


class WarmStarter:
    """Starts one flow run in a copy; Prefect's executor watches over it."""

    def __init__(
        self, zygote: Zygote, configuration: ProcessJobConfiguration, folder: Path, channel: ControlChannel
    ) -> None:
        self._zygote = zygote
        self._configuration = configuration
        self._folder = folder
        self._channel = channel

    async def start(
        self, flow_run: FlowRun, task_status: anyio.abc.TaskStatus[ProcessHandle] = anyio.TASK_STATUS_IGNORED
    ) -> None:
        """Starts it, tells the handle, returns when it has ended; when cancelled, ends it."""
        environment = self._environment(flow_run)
        try:
            process = await self._zygote.fork(
                environment, str(self._folder), is_shown=self._configuration.stream_output
            )
        except BaseException:
            self._channel.unregister(flow_run.id)
            raise
        handle = ProcessHandle(cast(Any, process), termination_scope=create_isolated_termination_scope(process.pid))
        task_status.started(handle)
        try:
            await process.wait()
        finally:
            if process.returncode is None:
                with anyio.CancelScope(shield=True):
                    await _end(handle, process)

    def _environment(self, flow_run: FlowRun) -> dict[str, str]:
        control: dict[str, str] = {}
        with suppress(RuntimeError):  # without a channel a cancelled run is killed without being asked
            port, token = self._channel.register(flow_run.id)
            control = {"PREFECT__CONTROL_PORT": str(port), "PREFECT__CONTROL_TOKEN": token}
        return sanitize_subprocess_env(
            {
                **os.environ,
                **self._configuration.env,
                **get_current_settings().to_environment_variables(exclude_unset=True),
                "PREFECT__FLOW_RUN_ID": str(flow_run.id),
                "PREFECT__ENABLE_CANCELLATION_AND_CRASHED_HOOKS": "false",
                **control,
            }
        )


async def _end(handle: ProcessHandle, process: WarmProcess) -> None:
    with suppress(ProcessLookupError):
        handle.graceful_kill()
    with anyio.move_on_after(END_SECONDS):
        await process.wait()
    with suppress(ProcessLookupError):
        handle.hard_kill()


class WarmWorker(BaseWorker[ProcessJobConfiguration, ProcessVariables, ProcessWorkerResult]):
    """A worker with everything imported. One machine may have several, a server any number of machines."""

    type = POOL_TYPE
    job_configuration = ProcessJobConfiguration
    job_configuration_variables = ProcessVariables
    _display_name = "Thi đua (nạp sẵn)"
    _description = "Chạy mỗi lượt trong một bản sao của tiến trình đã nạp sẵn mọi thư viện."

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._zygote = Zygote()
        self._running = 0
        self._is_leaving = False

    async def setup(self) -> None:
        """Imports first, so that the first run is as quick as any other."""
        await self._warm_up()
        await super().setup()

    async def teardown(self, *exc_info: Any) -> None:
        """Ends the runs that are left, then the process that was kept warm."""
        try:
            await super().teardown(*exc_info)
        finally:
            self._zygote.stop()

    async def sync_with_backend(self) -> None:
        """Tells the server that this worker lives, keeps itself warm, and marks runs whose process is gone."""
        await super().sync_with_backend()
        if self._work_pool is not None and not self._is_leaving:
            await self._warm_up()
            await mark_lost_runs(self.client, self._work_pool_name, self._logger)

    async def get_and_submit_flow_runs(self) -> list[FlowRun]:
        """Takes what is due, unless it is about to leave."""
        return [] if self._is_leaving else await super().get_and_submit_flow_runs()

    async def run(
        self,
        flow_run: FlowRun,
        configuration: ProcessJobConfiguration,
        task_status: anyio.abc.TaskStatus[int] | None = None,
    ) -> ProcessWorkerResult:
        """Runs one flow run to its end in a copy."""
        given = configuration.working_dir
        folder: Any = contextlib.nullcontext(given) if given else tempfile.TemporaryDirectory(suffix="thidua")
        self._running += 1
        try:
            with folder as name:
                execution = await self._execute(flow_run, configuration, Path(name).resolve(), task_status)
        finally:
            self._running -= 1
        if execution is None or execution.status_code is None:
            raise RuntimeError("lượt chạy không khởi động được")
        return ProcessWorkerResult(status_code=execution.status_code, identifier=str(execution.handle.pid))

    async def _execute(
        self,
        flow_run: FlowRun,
        configuration: ProcessJobConfiguration,
        folder: Path,
        task_status: anyio.abc.TaskStatus[int] | None,
    ) -> FlowRunExecutionResult | None:
        execution: FlowRunExecutionResult | None = None
        async with FlowRunExecutorContext() as context:
            starter = WarmStarter(self._zygote, configuration, folder, context.control_channel)
            executor = context.create_executor(
                flow_run, starter, resolve_flow=load_flow_from_flow_run, propose_submitting=False
            )

            async def execute(*, task_status: anyio.abc.TaskStatus[ProcessHandle] = anyio.TASK_STATUS_IGNORED) -> None:
                nonlocal execution
                execution = await executor.submit(task_status=task_status)

            async with anyio.create_task_group() as group:
                handle = await group.start(execute)
                if task_status is not None:
                    process = name_process(self.name, handle.pid or 0)
                    task_status.started(cast(Any, process.text))
        return execution

    async def _warm_up(self) -> None:
        if await self._zygote.start():
            for name, error in self._zygote.failed.items():
                self._logger.warning("Không nạp sẵn được %s: %s", name, error)
            self._logger.info("Đã nạp sẵn mọi thư viện (tiến trình %s)", self._zygote.pid)

    async def serve(self, leave: anyio.Event, tell: Callable[[str], None]) -> None:
        """Works until told to leave; then takes nothing more, gives what runs some time to end, and ends the rest."""
        async with anyio.create_task_group() as group:
            group.start_soon(lambda: self.start(printer=tell))
            await leave.wait()
            self._is_leaving = True
            if self._running:
                tell(f"Đang chờ {self._running} lượt chạy kết thúc, nhiều nhất {PATIENCE_SECONDS:.0f} giây …")
            with anyio.move_on_after(PATIENCE_SECONDS):
                while self._running:
                    await anyio.sleep(0.2)
            group.cancel_scope.cancel()
