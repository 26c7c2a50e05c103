"""The commands that keep the system going: up, down, serve, worker."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

from flows.command_options import FAILED, Context, home_options, refuse, tell


@click.command()
@click.option("--server-only", is_flag=True, help="Chỉ máy chủ và trang Prefect; không đặt lịch, không có worker.")
@click.option("--limit", type=click.IntRange(min=1), metavar="N", help="Nhiều nhất bấy nhiêu lượt chạy cùng lúc.")
@home_options
def up(server_only: bool, limit: int | None, home: str | None, catalogue: str | None) -> None:
    """Khởi động mọi thứ trên máy này: trang Prefect, lịch chạy và worker."""
    context = Context(home, catalogue)
    settings = context.settings
    from flows.service import server

    settings.home.mkdir(parents=True, exist_ok=True)
    try:
        running = server.start_server(settings, tell)
    except server.ServerError as error:
        _fail(error)
    if not server_only:
        from flows.service.worker_process import start_worker

        start_worker(settings, limit)
        os.environ.update(server.environment(settings, running))
        from flows.local_time import now
        from flows.service.deploy_report import deploy_home

        deploy_home(context.catalogue, settings, running, now())
        click.echo()
    print_page(running)
    click.echo("Dừng bằng: thidua down")


@click.command()
@home_options
def down(home: str | None, catalogue: str | None) -> None:
    """Dừng worker và máy chủ Prefect của nhà này."""
    context = Context(home, catalogue)
    from flows.service import server
    from flows.service.worker_process import find_worker, stop_worker

    if find_worker(context.settings) is not None:
        tell("Đang dừng worker; lượt đang chạy được chờ nhiều nhất 30 giây …")
    stopped = [
        name
        for name, stop in (("worker", stop_worker), ("máy chủ Prefect", server.stop_server))
        if stop(context.settings)
    ]
    click.echo(f"Đã dừng {' và '.join(stopped)}." if stopped else "Không có máy chủ nào đang chạy.")


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Địa chỉ để nghe; 127.0.0.1 là chỉ máy này.")
@click.option("--port", default=4200, metavar="PORT", show_default=True, type=click.IntRange(1, 65535), help="Cổng.")
@click.option(
    "--page", "shown", default="", metavar="URL", help="Địa chỉ mà người dùng gõ, khi qua máy chủ TLS phía trước."
)
@click.option("--database", default="", metavar="URL", help="PostgreSQL: postgresql://tên:mật-khẩu@máy/csdl.")
@click.option(
    "--database-password", "secret", type=click.Path(path_type=Path), metavar="FILE", help="Tệp chứa mật khẩu của nó."
)
@home_options
def serve(
    host: str, port: int, shown: str, database: str, secret: Path | None, home: str | None, catalogue: str | None
) -> None:
    """Chạy máy chủ Prefect ở tiền cảnh, cho systemd hoặc container."""
    context = Context(home, catalogue)
    from flows.service.server import ServerError
    from flows.service.serving import Serving, is_loopback
    from flows.service.serving import serve as serve_home

    if not is_loopback(host):
        tell(f"Máy chủ mở ra {host} không mã hóa: đặt một máy chủ có TLS phía trước (xem docs/service.md).")
    try:
        password = secret.read_text().strip() if secret is not None else ""
        serve_home(context.settings, Serving(host, port, shown, database, password))
    except ServerError as error:
        refuse(str(error))


@click.command()
@click.option("--name", metavar="NAME", help="Tên của worker trên trang; mặc định là tên máy. Mỗi worker một tên.")
@click.option("--limit", type=click.IntRange(min=1), metavar="N", help="Nhiều nhất bấy nhiêu lượt chạy cùng lúc.")
@home_options
def worker(name: str | None, limit: int | None, home: str | None, catalogue: str | None) -> None:
    """Chạy một worker ở tiền cảnh: nhận và chạy các lượt theo lịch."""
    context = Context(home, catalogue)
    if name is not None and set(name) & set("/%"):
        refuse("tên của worker không có dấu / và %.")
    from flows.service.server import ServerError
    from flows.service.worker_process import work

    context.settings.home.mkdir(parents=True, exist_ok=True)
    try:
        work(context.settings, name, limit, tell)
    except ServerError as error:
        _fail(error)


def print_page(running: object) -> None:
    """Where the page is and what it asks for."""
    from flows.service.server import Server

    assert isinstance(running, Server)
    click.echo(f"Trang Prefect:  {running.shown or running.page}")
    click.echo(f"Khi trang hỏi, dán nguyên dòng này (trình duyệt nhớ lại lần sau): {running.auth}")


def _fail(error: Exception) -> None:
    tell(f"Lỗi: {error}")
    sys.exit(FAILED)


COMMANDS = (up, down, serve, worker)
