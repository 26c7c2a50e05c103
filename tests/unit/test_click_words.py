"""Click speaks Vietnamese: in every help page, and of everything that can be typed wrong."""

from __future__ import annotations

import ast
import inspect

import click
import pytest
from click.testing import CliRunner

from flows.click_words import _MODULES, WORDS
from flows.command_line import COMMANDS, cli, say_misuse

ENGLISH = ("Usage", "Options", "Commands", "Show ", "Error", "Missing", "No such", "default:", "[OPTIONS]", "Invalid")
# What only a programmer sees, or what no command of ours does.
OF_PROGRAMMERS = (
    "Name '{name}' defined twice",
    "Boolean option",
    "Could not determine name",
    "No options defined but",
    "Arguments take exactly",
    "DeprecationWarning",
    "deprecated",
    "Value must be an iterable",
    "Takes {nargs} values",
    "{len_type} values",
    "Missing",  # parameters: said by say_misuse
    "Invalid start character",
    "Choose from",
    "Choice(",
    "does not match the format",
    "UUID",
    "is not executable",
    "Confirm the action",
    "Repeat for confirmation",
    "two entered values",
    "Unknown color",
    "Press any key",
    "(dynamic)",
    "file",  # names of kinds that no message of ours quotes
    "directory",
    "path",
)


def test_every_word_of_clicks_that_an_office_can_meet_is_known() -> None:
    looked_up = set()
    for module in _MODULES:
        for node in ast.walk(ast.parse(inspect.getsource(module))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("_", "ngettext"):
                texts = node.args[: 1 if node.func.id == "_" else 2]
                looked_up |= {str(text.value) for text in texts if isinstance(text, ast.Constant)}
    unknown = {text for text in looked_up if text not in WORDS and not any(part in text for part in OF_PROGRAMMERS)}
    assert not unknown
    assert len(looked_up & set(WORDS)) > 30


@pytest.mark.parametrize("command", [None, *(command.name for command in COMMANDS)])
def test_help_is_vietnamese(command: str | None) -> None:
    result = CliRunner().invoke(cli, [*([command] if command else []), "--help"])
    assert result.exit_code == 0
    assert "Cách dùng: " in result.output and "Hiện hướng dẫn này rồi thôi." in result.output
    assert not [word for word in ENGLISH if word in result.output]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("frob", "không có lệnh “frob”."),
        ("statsu", "không có lệnh “statsu”. Có phải 'status'?"),
        ("run", "thiếu tham số PERIOD."),
        ("run 2021H1 x y", "thừa tham số x y."),
        ("run 2021H1 --stric", "không có tùy chọn --stric. Có phải '--strict'?"),
        ("run --home", "tùy chọn --home cần một giá trị đi sau."),
        ("run 2021H1 --strict=1", "tùy chọn --strict không nhận giá trị."),
        ("up --limit 0", "tùy chọn --limit không hợp lệ: 0 nằm ngoài khoảng x>=1."),
        ("up --limit x", "tùy chọn --limit không hợp lệ: “x” không phải số."),
        ("sql --format x", "tùy chọn --format không hợp lệ: “x” không phải một trong: 'table', 'csv', 'json', "),
        ("diff-seal 2021H1 --csv /", "tùy chọn --csv không hợp lệ: “/” là một thư mục, đáng lẽ là tệp."),
    ],
)
def test_what_is_typed_wrong_is_said_in_vietnamese(typed: str, said: str) -> None:
    with pytest.raises(click.ClickException) as raised:
        cli.main(typed.split(), standalone_mode=False)
    assert say_misuse(raised.value).startswith(said)
