"""A property that is built at first use."""

from collections.abc import Callable
from threading import RLock
from typing import Any, Generic, Protocol, Self, TypeVar, overload

T = TypeVar("T")


class HasLock(Protocol):
    """What a class with lazy properties needs: one lock for each of its objects."""

    @property
    def lock(self) -> RLock:
        """Held while a property is built; reentrant, since one may need another."""


class lazy(Generic[T]):  # noqa: N801  used as a decorator
    """A property built once, whichever thread comes first. `functools.cached_property` has no lock since 3.12."""

    def __init__(self, build: Callable[[Any], T]) -> None:
        self._build = build
        self.__doc__ = build.__doc__

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name

    @overload
    def __get__(self, owner: None, _type: type) -> Self: ...

    @overload
    def __get__(self, owner: HasLock, _type: type) -> T: ...

    def __get__(self, owner: HasLock | None, _type: type) -> Self | T:
        """Build it and keep it in the object, where Python finds it before this descriptor. Of the class: itself."""
        if owner is None:
            return self
        with owner.lock:
            if self._name not in owner.__dict__:
                owner.__dict__[self._name] = self._build(owner)
        built: T = owner.__dict__[self._name]
        return built
