"""Addresses of cells in A1 form."""

from __future__ import annotations


def parse_address(address: str) -> tuple[int, int]:
    """The zero-based row and column of an A1 address."""
    letters = address.rstrip("0123456789")
    column = 0
    for letter in letters:
        column = column * 26 + ord(letter) - 64
    return int(address[len(letters) :]) - 1, column - 1
