"""What is wrong with a catalogue, in Vietnamese, for who edits its tables: which file, which line, what."""

from __future__ import annotations

import re

from catalogue import CatalogueError

_WORDS = (
    (r"the table is missing", "thiếu tệp này"),
    (r"there is no such folder", "không có thư mục này"),
    (r"the table has no row", "bảng không có dòng nào"),
    (r"the text is not in UTF-8", "tệp không phải văn bản UTF-8; trong Excel chọn lưu dạng “CSV UTF-8”"),
    (r"quotation marks: .*", 'dấu ngoặc kép (") không khép, hoặc đặt sai chỗ'),
    (r"columns: wrong order", "các cột không đúng thứ tự"),
    (
        r"columns: unknown \[(.*)\], missing \[(.*)\]",
        "tên cột sai: lạ [{0}], thiếu [{1}]; các cột cách nhau bằng dấu phẩy",
    ),
    (r"(\d+) cells where (\d+) columns stand", "dòng có {0} ô, đáng lẽ {1} ô"),
    (r"column (\w+): invalid literal for int.*: (.*)", "cột {0}: {1} không phải số nguyên"),
    (r"column (\w+): Invalid isoformat string: (.*)", "cột {0}: {1} không phải ngày; viết như 2021-07-05"),
    (r"column (\w+): (.*) is not a number", "cột {0}: {1} không phải số"),
    (r"column (\w+): (.*) is neither 0 nor 1", "cột {0}: {1} không phải 0 hoặc 1"),
    (
        r"column (\w+): (.*) is neither critical, warning nor info",
        "cột {0}: {1} không phải critical, warning hoặc info",
    ),
    (r"column (\w+): (.*) is unknown", "cột {0}: không có {1} trong danh mục"),
    (r"column (\w+): (.*) is no period such as 2021H1", "cột {0}: {1} không phải kỳ; viết như 2021H1"),
    (r"column (\w+): unknown placeholders (.*)", "cột {0}: không biết chỗ điền {1}"),
    (r"(.*) stands already in line (\d+)", "{0} đã có ở dòng {1}"),
    (r"(.*) is no indicator code: .*", "{0} không dùng làm mã chỉ tiêu được; chỉ gồm chữ thường không dấu, số và _"),
    (r"low (\S+) lies above high (\S+)", "cận dưới {0} lớn hơn cận trên {1}"),
    (r"a total cannot be its own part", "một tổng không thể là thành phần của chính nó"),
    (r"total and part are of different units", "tổng và thành phần khác đơn vị tính"),
    (r"formula of (.*) comes back to itself", "công thức của {0} quay vòng về chính nó"),
    (
        r"start, end, due date, closing and meeting are not in this order",
        "ngày bắt đầu, kết thúc, hạn gửi, chốt và họp không theo thứ tự ấy",
    ),
    (
        r"collecting must open after the period's start and by its due date",
        "ngày mở thu thập phải sau ngày bắt đầu kỳ và không muộn hơn hạn gửi",
    ),
    (r"collecting opens before the meeting of (.*)", "mở thu thập trước buổi họp của kỳ {0}"),
    (r"overlaps the version in line (\d+)", "thời gian hiệu lực chồng lên dòng {0}"),
    (r"leaves a gap after the version in line (\d+)", "thời gian hiệu lực bị hở sau dòng {0}"),
    (r"exactly one unit of kind cluster is needed", "phải có đúng một đơn vị loại cluster"),
)


def say_catalogue_error(error: CatalogueError) -> str:
    """The error as file, line and what is wrong; what is not known here stays as the catalogue says it."""
    where = f"tệp {error.file}, dòng {error.line}" if error.line else f"“{error.file}”"
    for pattern, words in _WORDS:
        found = re.fullmatch(pattern, error.problem, re.DOTALL)
        if found:
            return f"{where}: {words.format(*found.groups())}"
    return f"{where}: {error.problem}"
