"""What could not be put into a province's folder lies in our home, a folder per province, until it can be."""

from __future__ import annotations

import errno
from contextlib import suppress
from pathlib import Path

from catalogue.model import Catalogue
from flows.feedback.delivery_steps import Draft
from flows.places import FULL, FolderError
from flows.settings import Settings
from flows.shares.local_folder import LocalFolder


def home_path(catalogue: Catalogue, settings: Settings, draft: Draft) -> Path:
    """Where a draft lies in the home."""
    unit, period_code = draft.file.province_id, draft.file.period_code
    province = catalogue.province_in(unit, period_code)
    return settings.feedback / (unit if province is None else province.name) / draft.file.name


def write_home(settings: Settings, draft: Draft, path: Path) -> bool:
    """Puts a draft into the home; False where it lies there already. Raises OSError."""
    settings.feedback.mkdir(parents=True, exist_ok=True)
    home = LocalFolder(draft.file.province_id, settings.feedback, str(settings.feedback))
    inner = path.relative_to(settings.feedback).as_posix()
    lying = home.look(inner)
    try:
        if lying is not None and lying.size == len(draft.data) and home.read(inner, len(draft.data)) == draft.data:
            return False
        home.write(inner, draft.data, lying)
    except FolderError as trouble:
        raise OSError(errno.ENOSPC if trouble.reason == FULL else errno.EACCES, trouble.reason, str(path)) from None
    return True


def clear_home(settings: Settings, path: Path) -> None:
    """Takes away what lay in the home because a folder was shut, once that folder has it."""
    with suppress(OSError):
        path.unlink()
        for folder in path.parents:
            if folder == settings.feedback:
                break
            folder.rmdir()
