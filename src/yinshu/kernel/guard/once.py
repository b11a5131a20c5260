"""A value that is made when it is first asked for: `functools.cached_property` without its lock, which costs more."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, Self, TypeVar, overload

Owner = TypeVar("Owner")
Value = TypeVar("Value")


class once(Generic[Owner, Value]):  # noqa: N801 - used as a decorator
    """The method's value, kept in the object; threads that ask at the same time may each make it."""

    def __init__(self, make: Callable[[Owner], Value]) -> None:
        self._make = make
        self._name = make.__name__
        self.__doc__ = make.__doc__

    @overload
    def __get__(self, owner: None, kind: Any = None) -> Self: ...

    @overload
    def __get__(self, owner: Owner, kind: Any = None) -> Value: ...

    def __get__(self, owner: Owner | None, kind: Any = None) -> Self | Value:
        if owner is None:
            return self
        value = self._make(owner)
        # What stands in the object itself is found before this.
        owner.__dict__[self._name] = value
        return value
