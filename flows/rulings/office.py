"""What the chair's office decides about files, explanations and rules: checked, recorded, undone by another ruling."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from difflib import get_close_matches
from typing import Any, Literal, NoReturn

from catalogue.model import Catalogue
from flows.home_lock import one_at_a_time
from flows.rulings.version_differences import find_differences
from flows.settings import Settings
from flows.word import Word
from transforms.identification import find_province
from transforms.observation import Ruling, RulingKind
from transforms.prose.published_report import REPORTS
from transforms.rulings import OPEN_END, find_in_force
from warehouse import Warehouse

NOT_WAIVABLE = ("file", "folder")  # scopes of rules that say what cannot be read, not what is thought of a figure
SHORTEST_ID = 4
Row = dict[str, Any]


class RulingError(Exception):
    """A ruling that cannot be recorded; the message says why and what can be done, in Vietnamese."""


class Office:
    """The chair's office with its hand on one home; nothing else runs there meanwhile."""

    def __init__(self, catalogue: Catalogue, warehouse: Warehouse) -> None:
        self.catalogue = catalogue
        self.warehouse = warehouse

    def unit(self, name: str, period_code: str) -> str:
        """The identifier of a unit by name, code or identifier. Raises RulingError."""
        units = {p.province_id: p.name for p in self.catalogue.members_of(period_code)}
        units[self.catalogue.cluster_id] = self._name(self.catalogue.cluster_id, period_code)
        found = name if name in units else find_province(self.catalogue, name, period_code)
        if found not in units:
            raise RulingError(f"“{name}” không phải đơn vị của Cụm trong kỳ {period_code}; có: {_list(units.values())}")
        return found

    def _name(self, province_id: str, period_code: str) -> str:
        province = self.catalogue.province_in(province_id, period_code)
        return province.name if province is not None else province_id

    def submissions(self, province_id: str, period_code: str) -> list[Row]:
        """What a unit has sent for a period, by version, as the last run saw it."""
        rows = self.warehouse.marts(period_code)["submissions"]
        return [row for row in rows if row["province_id"] == province_id]

    def findings(self, period_code: str, province_id: str | None = None) -> list[Row]:
        """The findings of the last run, of one unit or of all; the cluster's own have no unit."""
        rows = self.warehouse.marts(period_code)["findings"]
        wanted = "" if province_id == self.catalogue.cluster_id else province_id
        return [row for row in rows if province_id is None or (row["province_id"] or "") == wanted]

    def changes(self, province_id: str, period_code: str) -> list[Row]:
        """What a unit's versions changed, figure by figure."""
        rows = self.warehouse.marts(period_code)["changes"]
        return [row for row in rows if row["province_id"] == province_id]

    def differences(self, sent: Sequence[Row]) -> tuple[list[Row], list[int], list[int]]:
        """What one unit's files not in use would change, which versions were compared so, and which cannot be."""
        return find_differences(self.catalogue, self.warehouse, sent)

    def choose(self, province_id: str, period_code: str, file: str, word: Word) -> tuple[Ruling, Row]:
        """One of a unit's files is its answer, whatever came beside it; a published report is no file of a unit."""
        row = self._submission(province_id, period_code, file)
        if row["sent_by"] == REPORTS:
            raise RulingError(
                f"“{row['file_name']}” là báo cáo đã công bố, chỉ dùng khi đơn vị không còn báo cáo nào khác; "
                "muốn bỏ báo cáo của đơn vị: thidua withdraw"
            )
        if row["verdict"] == "rejected":
            raise RulingError(f"“{row['file_name']}” (lần {row['version']}) bị loại, không dùng được số liệu nào")
        if self._withdrawal_of(row["submission_id"]) is not None:
            raise RulingError(f"“{row['file_name']}” (lần {row['version']}) đã bị rút; hủy quyết định rút trước")
        sent = {r["submission_id"] for r in self.submissions(province_id, period_code)}
        made = [c for c in find_in_force(self.warehouse.rulings()).chosen if c.submission_id in sent]
        if made and made[-1].submission_id == row["submission_id"]:
            self._refuse_twice(f"“{row['file_name']}” (lần {row['version']}) đã được chọn", made[-1])
        return self._record("choose", province_id, period_code, word, submission_id=row["submission_id"]), row

    def withdraw(self, province_id: str, period_code: str, file: str, word: Word) -> tuple[Ruling, Row]:
        """One of a unit's files counts no more; the version before it does."""
        row = self._submission(province_id, period_code, file)
        if self._withdrawal_of(row["submission_id"]) is not None:
            raise RulingError(f"“{row['file_name']}” (lần {row['version']}) đã được rút từ trước")
        return self._record("withdraw", province_id, period_code, word, submission_id=row["submission_id"]), row

    def rule_on_explanation(
        self, province_id: str, period_code: str, finding: str, kind: Literal["accept", "refuse"], word: Word
    ) -> tuple[Ruling, Row]:
        """A finding is closed by accepting its explanation (or for the office's own reason), or stays open."""
        row = self.finding(province_id, period_code, finding)
        made = self.ruling_on(row)
        if made is not None and made.kind == kind and (kind == "accept" or row["refusal"] or not row["explanation"]):
            verb = "chấp nhận" if kind == "accept" else "bị từ chối"
            self._refuse_twice(f"giải trình của phát hiện {row['finding_id']} đã {verb}", made)
        keys = {"finding_id": row["finding_id"], "figure_hash": row["figure_hash"], "rule_code": row["rule_code"]}
        return self._record(kind, province_id, period_code, word, **keys), row

    def waive(self, rule_code: str, period_code: str, province_id: str, valid_to: str, word: Word) -> Ruling:
        """A rule is not held against one unit, or against all (empty), from a period to a last one."""
        rule = self.catalogue.rules.get(rule_code)
        if rule is None:
            raise RulingError(f"không có quy tắc “{rule_code}”{self._rules_meant(rule_code, period_code)}")
        if rule.scope in NOT_WAIVABLE:
            raise RulingError(f"quy tắc “{rule.title}” nói về tệp hoặc thư mục, không miễn được")
        if valid_to and valid_to != OPEN_END and valid_to < period_code:
            raise RulingError(f"kỳ cuối {valid_to} trước kỳ đầu {period_code}")
        return self._record("waive", province_id, period_code, word, rule_code=rule_code, valid_to=valid_to)

    def _rules_meant(self, rule_code: str, period_code: str) -> str:
        near = get_close_matches(rule_code.casefold(), self.catalogue.rules, n=3, cutoff=0.5)
        fired = sorted({r["rule_code"] for r in self.findings(period_code)})
        meant = f"; có phải: {_list(near)}" if near else ""
        return meant + (f"; kỳ {period_code} có phát hiện theo: {_list(fired)}" if fired else "")

    def import_report(self, period_code: str, figures: str, word: Word) -> tuple[Ruling, bool]:
        """Accepted figures of a published report, by their hash, count for a period; the ruling, and whether it is
        new: what counts already is not recorded twice."""
        standing = find_in_force(self.warehouse.rulings()).import_of(period_code)
        if standing is not None and standing.figure_hash == figures:
            return standing, False
        return self._record("import", "", period_code, word, figure_hash=figures), True

    def revoke(self, ruling_id: str, word: Word) -> Ruling:
        """An earlier ruling counts no more."""
        rulings = self.warehouse.rulings()
        found = next((r for r in rulings if r.ruling_id.casefold() == ruling_id.casefold()), None)
        if found is None or found.kind == "revoke":
            raise RulingError(f"không có quyết định “{ruling_id}” để hủy; xem: thidua rulings")
        if any(r.revokes == found.ruling_id for r in rulings):
            raise RulingError(f"quyết định {found.ruling_id} đã bị hủy từ trước")
        return self._record("revoke", found.province_id, found.period_code, word, revokes=found.ruling_id)

    def ruling_on(self, row: Row) -> Ruling | None:
        """What stands about the explanation of a finding with its present figures."""
        rulings = find_in_force(self.warehouse.rulings())
        return rulings.on_explanation(row["finding_id"] or "", row["figure_hash"] or "")

    def _refuse_twice(self, what: str, made: Ruling) -> NoReturn:
        raise RulingError(
            f"{what} từ trước: {made.ruling_id}, {made.decided_by}; hủy bằng: thidua revoke {made.ruling_id}"
        )

    def _withdrawal_of(self, submission_id: str) -> str | None:
        return submission_id if submission_id in find_in_force(self.warehouse.rulings()).withdrawn else None

    def _submission(self, province_id: str, period_code: str, file: str) -> Row:
        rows = self.submissions(province_id, period_code)
        found = [r for r in rows if file in (r["submission_id"], str(r["version"]), r["path"], r["file_name"])]
        known = _list(f"lần {r['version']}: {r['path']}" for r in rows) or "chưa có tệp nào"
        if not found:
            raise RulingError(f"không có tệp “{file}”; {known}")
        if len({r["sha256"] for r in found}) > 1:
            raise RulingError(f"có nhiều lần gửi tên “{file}”; ghi số lần gửi thay cho tên: {known}")
        return found[-1]

    def finding(self, province_id: str, period_code: str, finding: str) -> Row:
        """One finding of a unit by the beginning of its identifier. Raises RulingError."""
        rows = [r for r in self.findings(period_code, province_id) if r["finding_id"]]
        found = [r for r in rows if len(finding) >= SHORTEST_ID and r["finding_id"].startswith(finding.casefold())]
        if len({r["finding_id"] for r in found}) != 1:
            trouble = "không có" if not found else "có nhiều"
            raise RulingError(f"{trouble} phát hiện mã “{finding}”; xem mã bằng: thidua explain {period_code}")
        return found[0]

    def _record(self, kind: RulingKind, province_id: str, period_code: str, word: Word, **keys: str) -> Ruling:
        if not word.reason.strip():
            raise RulingError("phải ghi lý do: --reason “…”")
        number = len(self.warehouse.rulings()) + 1
        ruling = Ruling(
            f"QD-{number:04d}", kind, period_code, province_id, word.reason.strip(), word.decided_by, word.decided_at
        )
        ruling = replace(ruling, **keys)  # type: ignore[arg-type]
        self.warehouse.add_ruling(ruling)
        return ruling


def _list(names: Any) -> str:
    return ", ".join(names)


@contextmanager
def open_office(settings: Settings, catalogue: Catalogue) -> Iterator[Office]:
    """The office on a home that has run before; waits while a run works there. Raises RulingError."""
    if not settings.warehouse.is_file():
        raise RulingError(f"chưa có kho dữ liệu ở “{settings.home}”; chạy trước: thidua run KỲ")
    with one_at_a_time(settings), Warehouse.open(settings.warehouse) as warehouse:
        yield Office(catalogue, warehouse)


def standing(rulings: Sequence[Ruling]) -> set[str]:
    """The numbers of the rulings that are not revoked."""
    revoked = {r.revokes for r in rulings if r.kind == "revoke"}
    return {r.ruling_id for r in rulings if r.ruling_id not in revoked}
