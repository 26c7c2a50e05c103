"""What the instructions say, in plain Vietnamese, with the words, units and rules of the catalogue."""

from __future__ import annotations

from catalogue.model import CalendarEntry, Catalogue, Rule
from transforms.numbers_vi import format_date, format_number

Entry = tuple[str, str]

_SEVERITIES = {"critical": "Phải sửa", "warning": "Sửa hoặc giải trình", "info": "Để biết"}


def filling(catalogue: Catalogue, entry: CalendarEntry) -> list[Entry]:
    """The steps of an officer."""
    form = catalogue.form
    return [
        ("Bước 1", f"Trang {form.cover_sheet}: chọn đơn vị báo cáo, ghi ngày, người lập biểu, tính chất số liệu."),
        ("Bước 2", "Lần lượt từng trang A, B, C…: điền vào ô có nền màu. Các ô khác đã khóa, không cần mật khẩu."),
        ("Bước 3", "Xem cột Kiểm tra của trang có tổng và tỷ lệ; xem mục 2 dưới đây còn thiếu chỉ tiêu bắt buộc nào."),
        ("Bước 4", "Lưu tệp ở dạng Excel (.xlsx) rồi gửi như mục cuối trang này."),
        (
            "Giữ nguyên mẫu",
            "Không đổi tên trang, tiêu đề cột, nhãn chỉ tiêu; không chèn thêm cột. Cần nói thêm thì ghi ở cột Ghi chú.",
        ),
        (
            "Tổng và tỷ lệ",
            "Vẫn điền như các chỉ tiêu khác, theo số của tỉnh. Cột Kiểm tra tự tính lại để tỉnh so, không thay cho số "
            "đã điền.",
        ),
    ]


def numbers(catalogue: Catalogue) -> list[Entry]:
    """How figures are written."""
    choices = catalogue.form.choices
    return [
        (
            "Số",
            "Ghi con số theo đơn vị ở cột Đơn vị tính, không ghi kèm đơn vị. Ghi bằng chữ thì dùng dấu chấm cho hàng "
            "nghìn, dấu phẩy cho phần thập phân: 19.044,4.",
        ),
        (
            "Số thập phân",
            "Gõ dấu thập phân theo máy đang dùng (máy cài tiếng Việt là dấu phẩy). Số nằm sát lề phải là đúng; "
            "nếu máy đổi thành ngày tháng thì xóa đi, gõ lại.",
        ),
        (
            "Phân số, thứ hạng",
            "Tử số và mẫu số ghi ở hai dòng riêng. Nếu vẫn muốn ghi 17/63 hay 08/08, gõ dấu nháy đơn (') ở đầu để máy "
            "không đổi thành ngày tháng.",
        ),
        (
            "Ước tính",
            f"Chọn “{choices['estimate'][0]}” ở cột Ước tính. Cũng có thể viết trong ô Giá trị: "
            f"{_quote(_words(catalogue, 'estimate')[:4])}, ví dụ “ước đạt 26.842 tỷ đồng”.",
        ),
        (
            "Tăng, giảm",
            f"Tăng 7,5% ghi 7,5; giảm 43,8% ghi -43,8; chọn “{choices['basis'][0]}” ở cột Cách so sánh hoặc để trống.",
        ),
        (
            "Bằng bao nhiêu %",
            f"Bằng 105,8% cùng kỳ thì ghi 105,8 và chọn “{choices['basis'][1]}” (hiểu là tăng 5,8%). Có thể viết cả "
            "câu trong ô Giá trị: “bằng 105,8% cùng kỳ”.",
        ),
        (
            "Không phát sinh",
            f"Trong kỳ không có việc này: để trống Giá trị, chọn “{choices['state'][0]}”. Khi cộng được tính là 0.",
        ),
        (
            "Chưa có số liệu",
            f"Có việc này nhưng chưa tổng hợp được: để trống Giá trị, chọn “{choices['state'][1]}”. Không tính là 0.",
        ),
        ("Để trống", "Được hiểu là chưa trả lời, không phải số 0. Số 0 thì ghi rõ 0."),
    ]


def units(catalogue: Catalogue, period_code: str) -> list[Entry]:
    """The units that the period's indicators use, each with the other words for it."""
    magnitudes = ", ".join(m.word for m in catalogue.magnitudes)
    found = [
        (
            "Chữ chỉ độ lớn",
            f"{magnitudes}. Viết kèm đơn vị thì được tự đổi: “11,83 nghìn tỷ” là 11.830 tỷ đồng; “2,37 triệu lượt” là "
            "2.370.000 lượt khách.",
        )
    ]
    for unit_code in dict.fromkeys(i.unit_code for i in catalogue.indicators_of(period_code)):
        unit = catalogue.units[unit_code]
        others = [a.alias for a in catalogue.unit_aliases if a.quantity == unit.quantity]
        if others:
            found.append((unit.name, f"Cũng nhận: {'; '.join(others)}."))
    return found


def notes(catalogue: Catalogue, period_code: str) -> list[Entry]:
    """Remarks on single indicators; those on the figures of one past period belong to the tables, not here."""
    return [
        (f"{i.number}. {i.heading}", i.footnote)
        for i in catalogue.indicators_of(period_code)
        if i.footnote and not any(code in i.footnote for code in catalogue.calendar)
    ]


def checked(catalogue: Catalogue, period_code: str) -> list[Entry]:
    """Every rule on a single return that is in force, the gravest first."""
    found: list[Entry] = [
        (
            "Ba mức",
            "“Phải sửa”: số liệu chắc chắn sai, bị đánh dấu ở mọi bảng cho đến khi sửa. “Sửa hoặc giải trình”: có thể "
            "sai. “Để biết”: không cần làm gì.",
        )
    ]
    for severity, words in _SEVERITIES.items():
        for rule in catalogue.rules.values():
            in_force = catalogue.rule_in(rule.rule_code, period_code) is not None
            if rule.scope == "return" and rule.severity == severity and in_force:
                found.append((rule.title, " ".join(filter(None, (f"{words}.", _advice(rule))))))
    return found


def _advice(rule: Rule) -> str:
    """The advice of a rule where it can be read without a particular cell before one's eyes."""
    parameter = "" if rule.parameter is None else format_number(rule.parameter)
    try:
        return rule.advice.format(
            unit="ở cột Đơn vị tính", parameter=parameter, cell="của chỉ tiêu này", other_cell="của chỉ tiêu kia"
        )
    except KeyError:
        return ""


def sending(catalogue: Catalogue, entry: CalendarEntry) -> list[Entry]:
    """Where the form goes, by when."""
    chair = catalogue.chair_of(entry.period_code)
    office = f" (UBND {_lower_first(chair.full_name)})" if chair is not None else ""
    assumed = " (dự kiến; văn bản của Cụm trưởng thay cho ngày này)" if entry.is_assumed else ""
    return [
        (
            "Nơi nhận",
            f"Văn phòng Cụm trưởng{office}: lưu tệp vào thư mục của đơn vị mình trong kho dùng chung của Cụm.",
        ),
        ("Hạn gửi", f"{format_date(entry.due_on)}{assumed}."),
        (
            "Gửi lại",
            "Có sửa thì lưu đè lên tệp đã gửi, giữ nguyên tên. Bản trước vẫn được giữ lại; số liệu lấy theo bản mới.",
        ),
        ("Tên tệp", "Đặt như bảng dưới đây; đơn vị và kỳ báo cáo được đọc từ trang Bìa, không đọc từ tên tệp."),
    ]


def _words(catalogue: Catalogue, kind: str) -> list[str]:
    return [w.phrase for w in catalogue.words if w.kind == kind]


def _quote(phrases: list[str]) -> str:
    return ", ".join(f"“{phrase}”" for phrase in phrases)


def _lower_first(text: str) -> str:
    return text[:1].lower() + text[1:]
