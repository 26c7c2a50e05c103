"""The self-check at the opening of a season: everything that a season needs is tried before it is needed."""

from __future__ import annotations

import datetime as dt
import shutil
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from catalogue import Catalogue, CatalogueError, load_catalogue
from flows.alarms.home_troubles import LEAST_FREE_BYTES
from flows.alarms.server_troubles import find_view, look_at_server
from flows.home_lock import one_at_a_time
from flows.lake.settings import LakeSettingsError, find_lake, open_place, read_lake
from flows.local_time import say_moment
from flows.messages.channel_settings import ChannelSettingsError, find_channels, match_units, read_channels
from flows.secret_places import SecretError, load_secret
from flows.self_check.folders import check_folders
from flows.self_check.forms import FormCheck, check_forms, check_planted
from flows.settings import Settings
from flows.shares.settings import ShareSettingsError
from transforms.numbers_vi import format_date

Result = Literal["passed", "failed", "untried"]
SHOWN = {"passed": "đạt", "failed": "không đạt", "untried": "chưa thử"}
MOST = 3
SECRETS = ("password", "url", "secret")


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was tried: what, how it went, what was seen, what to do."""

    title: str
    result: Result
    seen: str
    advice: str = ""


def check_all(settings: Settings, period_code: str, now: dt.datetime) -> list[Check]:
    """Tries everything for a half-year. Nothing of the home changes, no message is sent."""
    try:
        catalogue = load_catalogue(settings.catalogue)
    except (CatalogueError, OSError) as error:
        broken = Check("Danh mục", "failed", str(error), "Sửa tệp và dòng được nêu rồi kiểm tra lại.")
        return [broken, Check("Các mục khác", "untried", "cần danh mục mới thử được")]
    seen = f"{len(catalogue.indicators_of(period_code))} chỉ tiêu, {len(catalogue.rules)} quy tắc"
    return [
        Check("Danh mục", "passed", seen),
        _check_calendar(catalogue, period_code),
        *_check_forms(catalogue, period_code),
        _safely("Thư mục của các tỉnh", lambda: _check_folders(catalogue, settings, period_code)),
        _safely("Kênh gửi thư", lambda: _check_channels(catalogue, settings, period_code)),
        _safely("Kho dữ liệu", lambda: _check_warehouse(settings, period_code)),
        _safely("Ổ đĩa", lambda: _check_disk(settings)),
        *([_safely("Hồ dữ liệu", lambda: _check_lake(settings))] if find_lake(settings) is not None else []),
        *_check_server(settings, now),
    ]


def _safely(title: str, check: Callable[[], Check]) -> Check:
    try:
        return check()
    except Exception as error:
        return Check(title, "failed", f"{type(error).__name__}: {error}", "Báo cho người phụ trách hệ thống.")


def _check_calendar(catalogue: Catalogue, period_code: str) -> Check:
    title = "Lịch"
    later = min((code for code in catalogue.calendar if code > period_code), default="")
    if not later:
        return Check(title, "failed", f"chưa có kỳ nào sau {period_code}", "Thêm một dòng cho kỳ sau vào calendar.csv.")
    entry = catalogue.calendar[period_code]
    seen = f"{period_code}: hạn gửi {format_date(entry.due_on)}, họp {format_date(entry.meets_on)}; kỳ sau: {later}"
    if entry.is_assumed:
        return Check(title, "passed", f"{seen}; các ngày còn là dự kiến", "Có văn bản thì sửa calendar.csv.")
    return Check(title, "passed", seen)


def _check_forms(catalogue: Catalogue, period_code: str) -> Iterator[Check]:
    made: list[FormCheck] = []

    def forms() -> Check:
        made.append(check_forms(catalogue, period_code))
        wrong = made[0].wrong
        if not made[0].readings:
            return Check("Mẫu biểu", "failed", "kỳ này không có tỉnh nào", "Bổ sung memberships.csv.")
        if wrong:
            return Check("Mẫu biểu", "failed", _some(wrong), "Không gửi mẫu này cho các tỉnh; báo người phụ trách.")
        return Check("Mẫu biểu", "passed", f"{len(made[0].readings)} mẫu ghi ra, điền và đọc lại đúng từng ô")

    yield _safely("Mẫu biểu", forms)
    if made and made[0].readings and not made[0].wrong:
        yield _safely("Lỗi cài thử", lambda: _check_planted(catalogue, period_code, made[0]))
    else:
        yield Check("Lỗi cài thử", "untried", "cần mẫu biểu đạt mới thử được")


def _check_planted(catalogue: Catalogue, period_code: str, forms: FormCheck) -> Check:
    found = check_planted(catalogue, period_code, forms)
    caught = found.planted - len(found.missed)
    seen = f"{found.planted} lỗi cài, bắt được {caught}, báo nhầm {len(found.false_alarms)} trên biểu đúng"
    wrong = [f"không bắt được: {t}" for t in found.missed] + [
        f"bắt được mà không chỉ đúng ô: {t}" for t in found.unnamed
    ]
    wrong += [f"báo nhầm: {t}" for t in found.false_alarms]
    if wrong:
        return Check("Lỗi cài thử", "failed", f"{seen}; {_some(wrong)}", "Xem lại rules.csv; báo người phụ trách.")
    return Check("Lỗi cài thử", "passed", seen)


def _check_folders(catalogue: Catalogue, settings: Settings, period_code: str) -> Check:
    title = "Thư mục của các tỉnh"
    try:
        found = check_folders(catalogue, settings, period_code)
    except ShareSettingsError as error:
        return Check(title, "failed", str(error), "Sửa shares.toml.")
    names = {p.province_id: p.name for p in catalogue.members_of(period_code)}
    wrong = [f"{names.get(unit, 'Toàn Cụm')}: {reason} ({shown})" for unit, shown, reason in found.troubles]
    wrong += [f"chưa có thư mục của {names[unit]}" for unit in found.without]
    seen = f"{len(found.well)} thư mục đọc được, ghi được"
    if found.strays:
        seen += f"; bỏ qua, không phải tỉnh của kỳ này: {', '.join(found.strays[:MOST])}"
    if wrong:
        return Check(title, "failed", f"{seen}; {_some(wrong)}", "Sửa quyền, địa chỉ hoặc tên; xem thêm: thidua shares")
    return Check(title, "passed", seen)


def _check_channels(catalogue: Catalogue, settings: Settings, period_code: str) -> Check:
    title = "Kênh gửi thư"
    file = find_channels(settings)
    if file is None:
        return Check(title, "untried", "chưa có channels.toml: thư nhắc chỉ ghi ra tệp", "Khai kênh gửi nếu muốn gửi.")
    try:
        chosen, _, strays = match_units(catalogue, period_code, read_channels(file))
        for channel in chosen.channels:
            for name in SECRETS:
                load_secret(getattr(channel, f"{name}_env", ""), getattr(channel, f"{name}_block", ""), name)
    except ChannelSettingsError as error:
        return Check(title, "failed", str(error), "Sửa channels.toml.")
    except SecretError as error:
        return Check(title, "failed", f"kênh “{channel.name}”: {error}", "Đặt bí mật vào nơi đã khai.")
    seen = f"{len(chosen.channels)} kênh khai đúng, bí mật lấy được (không gửi thử)"
    if strays:
        return Check(
            title, "failed", f"{seen}; không phải tỉnh của kỳ này: {_some(strays)}", "Sửa tên trong channels.toml."
        )
    return Check(title, "passed", seen)


def _check_warehouse(settings: Settings, period_code: str) -> Check:
    """A copy is opened, as a run would open it: what the home holds stays as it is."""
    from warehouse import Warehouse

    title = "Kho dữ liệu"
    if not settings.warehouse.exists():
        return Check(title, "untried", "chưa có kho; lượt thu thập đầu tiên sẽ tạo")
    with tempfile.TemporaryDirectory() as folder, one_at_a_time(settings):
        copy = Path(folder) / settings.warehouse.name
        for suffix in ("", ".wal"):
            source = settings.warehouse.with_name(settings.warehouse.name + suffix)
            if source.exists():
                shutil.copy(source, copy.with_name(copy.name + suffix))
        with Warehouse.open(copy) as warehouse:
            warehouse.runs(period_code)
    return Check(title, "passed", f"mở được, {max(settings.warehouse.stat().st_size // 10**6, 1)} MB")


def _check_disk(settings: Settings) -> Check:
    if not settings.home.is_dir():
        return Check("Ổ đĩa", "failed", f"chưa có nhà dữ liệu {settings.home}", "Tạo thư mục, hoặc chỉ ra bằng --home.")
    with tempfile.TemporaryFile(dir=settings.home) as probe:
        probe.write(b"thidua")
        probe.flush()
    free = shutil.disk_usage(settings.home).free
    seen = f"ghi được, còn trống {free / 1e9:.1f} GB".replace(".", ",")
    if free < LEAST_FREE_BYTES:
        return Check("Ổ đĩa", "failed", seen, "Dọn ổ đĩa chứa nhà dữ liệu trước khi mở thu thập.")
    return Check("Ổ đĩa", "passed", seen)


def _check_lake(settings: Settings) -> Check:
    """The catalogue answers and the folder takes files; nothing of the lake changes."""
    from warehouse.lake.attached import try_folder
    from warehouse.lake.look import look
    from warehouse.lake.place import LakeError

    title, file = "Hồ dữ liệu", find_lake(settings)
    assert file is not None
    try:
        place = open_place(read_lake(file))
        try_folder(place)
        seen = f"{place.catalogue} trả lời, thư mục ghi được"
        state = look(place)
        return Check(title, "passed", f"{seen}; ghi lần cuối lúc {say_moment(state.pushed_at)}")
    except LakeSettingsError as error:
        return Check(title, "failed", str(error), "Sửa lake.toml.")
    except LakeError as error:
        return Check(title, "failed", str(error), "Sửa xong thì thử: thidua lake --push")


def _check_server(settings: Settings, now: dt.datetime) -> Iterator[Check]:
    view = find_view(settings)
    if view is None:
        yield Check("Máy chủ Prefect", "untried", "chưa khởi động", "Chạy: thidua up, rồi thidua deploy")
        yield Check("Worker", "untried", "cần máy chủ mới thử được")
        return
    view.close()
    troubles = {t.code: t for t in look_at_server(settings, now).troubles}
    if "server_down" in troubles:
        yield Check("Máy chủ Prefect", "failed", troubles["server_down"].message, troubles["server_down"].advice)
        yield Check("Worker", "untried", "cần máy chủ mới thử được")
        return
    yield Check("Máy chủ Prefect", "passed", f"trả lời tại {view.api.removesuffix('/api')}")
    if "worker_dead" in troubles:
        yield Check("Worker", "failed", troubles["worker_dead"].message, troubles["worker_dead"].advice)
    else:
        yield Check("Worker", "passed", "có worker đang sống")


def _some(lines: list[str] | tuple[str, ...]) -> str:
    more = f" … và {len(lines) - MOST} mục nữa" if len(lines) > MOST else ""
    return "; ".join(lines[:MOST]) + more
