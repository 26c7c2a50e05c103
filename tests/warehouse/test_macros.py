"""The macros for analysts: each is there, says what it gives, and its example runs on the published copy."""

from __future__ import annotations

from warehouse import Warehouse
from warehouse.definition import FUNCTIONS, MACROS, ROOT, macro_comments


def test_every_macro_has_a_file_a_comment_and_an_example(warehouse: Warehouse) -> None:
    assert sorted(p.stem for p in (ROOT / "macros").glob("*.sql")) == sorted(MACROS) == sorted(macro_comments())
    stored = dict(
        warehouse._opened().rows(
            "SELECT DISTINCT function_name, comment FROM duckdb_functions() WHERE function_type = 'table_macro' "
            "AND NOT internal"
        )
    )
    assert stored == {name: comment for name, (comment, _) in macro_comments().items()}


def test_every_function_has_a_file_a_comment_and_an_example_that_runs(warehouse: Warehouse) -> None:
    described = macro_comments("functions")
    assert sorted(p.stem for p in (ROOT / "functions").glob("*.sql")) == sorted(FUNCTIONS) == sorted(described)
    stored = "SELECT function_name, comment FROM duckdb_functions() WHERE function_type = 'macro' AND NOT internal"
    assert dict(warehouse._opened().rows(stored)) == {name: comment for name, (comment, _) in described.items()}
    for name, (_, example) in described.items():
        assert f"{name}(" in example
        warehouse._opened().rows(example)


def test_every_example_runs(warehouse: Warehouse) -> None:
    for name, (_, example) in macro_comments().items():
        assert f"{name}(" in example
        warehouse._opened().rows(example)
