"""Libraries that Great Expectations imports for what we never ask of it: imported only where something asks after all.

Import this module before it.
"""

from __future__ import annotations

import importlib
import sys
from types import ModuleType
from typing import Any

_ASKED_OF_ALL = ("__file__", "__warningregistry__")  # by who looks through all modules, as inspect does; no use of one


class _Late(ModuleType):
    """Stands for a module until an attribute of it is asked for, then is that module."""

    def __getattr__(self, name: str) -> Any:
        if name in _ASKED_OF_ALL:
            raise AttributeError(name)
        if sys.modules.get(self.__name__) is self:
            del sys.modules[self.__name__]
        real = importlib.import_module(self.__name__)
        self.__dict__.update(real.__dict__)
        return getattr(real, name)


def import_late(*names: str) -> None:
    """Modules, by their full names, that are imported when they are first used; those that are there stay as they are.

    `importlib.util.LazyLoader` is no help here: in Python 3.11 `import a as b` is already a use.
    """
    for name in names:
        if name not in sys.modules:
            sys.modules[name] = _Late(name)


import_late("scipy.stats", "altair")  # expectations of distributions and their drawings
