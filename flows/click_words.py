"""What click itself says of a command, in Vietnamese, whatever the machine's locale."""

from __future__ import annotations

import click.core
import click.decorators
import click.exceptions
import click.formatting
import click.parser
import click.termui
import click.types

WORDS = {
    "Usage:": "Cách dùng:",
    "Options": "Tùy chọn",
    "Commands": "Các lệnh",
    "Positional arguments": "Tham số",
    "Show this message and exit.": "Hiện hướng dẫn này rồi thôi.",
    "Show the version and exit.": "Hiện phiên bản rồi thôi.",
    "%(prog)s, version %(version)s": "%(prog)s, phiên bản %(version)s",
    "Error: {message}": "Lỗi: {message}",
    "Try '{command} {option}' for help.": "Xem cách dùng: {command} {option}",
    "Aborted!": "Đã dừng theo yêu cầu.",
    "Missing command.": "thiếu tên lệnh.",
    "No such command {name!r}.": "không có lệnh “{name}”.",
    "No such option {name!r}.": "không có tùy chọn {name}.",
    "Did you mean {possibility}?": "Có phải {possibility}?",
    "(Did you mean one of: {possibilities}?)": "(Có phải một trong: {possibilities}?)",
    "Got unexpected extra argument ({args})": "thừa tham số {args}.",
    "Got unexpected extra arguments ({args})": "thừa tham số {args}.",
    "Option {name!r} requires an argument.": "tùy chọn {name} cần một giá trị đi sau.",
    "Option {name!r} requires {nargs} arguments.": "tùy chọn {name} cần {nargs} giá trị đi sau.",
    "Option {name!r} does not take a value.": "tùy chọn {name} không nhận giá trị.",
    "Argument {name!r} takes {nargs} values.": "tham số {name} cần {nargs} giá trị.",
    "Invalid value: {message}": "giá trị không hợp lệ: {message}",
    "Invalid value for {param_hint}: {message}": "{param_hint} không hợp lệ: {message}",
    "Could not open file {filename!r}: {message}": "không mở được tệp “{filename}”: {message}",
    "unknown error": "không rõ vì sao",
    "{value!r} is not {choice}.": "“{value}” không phải {choice}.",
    "{value!r} is not one of {choices}.": "“{value}” không phải một trong: {choices}.",
    "{value!r} is not a valid {number_type}.": "“{value}” không phải số.",
    "{value} is not in the range {range}.": "{value} nằm ngoài khoảng {range}.",
    "{value!r} is not a valid boolean. Recognized values: {states}": "“{value}” không phải một trong: {states}",
    "{name} {filename!r} does not exist.": "không có “{filename}”.",
    "{name} {filename!r} is a file.": "“{filename}” là một tệp, đáng lẽ là thư mục.",
    "{name} {filename!r} is a directory.": "“{filename}” là một thư mục, đáng lẽ là tệp.",
    "{name} {filename!r} is not readable.": "không có quyền đọc “{filename}”.",
    "{name} {filename!r} is not writable.": "không có quyền ghi “{filename}”.",
    "env var: {var}": "biến môi trường: {var}",
    "default: {default}": "mặc định: {default}",
    "required": "bắt buộc",
    "Do you want to continue?": "Có làm tiếp không?",
    "Error: invalid input": "Lỗi: không hiểu câu trả lời",
}

_MODULES = (
    click.core,
    click.decorators,
    click.exceptions,
    click.formatting,
    click.parser,
    click.termui,
    click.types,
)


def say(text: str) -> str:
    """A message of click's in Vietnamese; one that is not known stays as it is."""
    return WORDS.get(text, text)


def _say_counted(one: str, many: str, count: int) -> str:
    return say(one if count == 1 else many)


def speak_vietnamese() -> None:
    """Has click take its words from here. To be called before the first option is made: some are taken then.

    Click looks its words up with gettext, which goes by the machine's locale; that of an office's machine may be any.
    """
    for module in _MODULES:
        for name, words in (("_", say), ("ngettext", _say_counted)):
            if hasattr(module, name):
                setattr(module, name, words)
