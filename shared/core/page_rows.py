"""A page's rows kept by column: thousands of them are never taken apart and put together again."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Row = tuple[Any, ...]


@dataclass(frozen=True)
class CodedColumns:
    """Columns that repeat together: the combinations of values, and for each row the place of its own among them."""

    names: tuple[str, ...]
    values: Sequence[Row]
    codes: Sequence[int]

    @classmethod
    def of(cls, names: tuple[str, ...], rows: Iterable[Row]) -> "CodedColumns":
        """Return the rows coded, each combination once, in the order in which they come."""
        places: dict[Row, int] = {}
        codes = [places.setdefault(row, len(places)) for row in rows]
        return cls(names, tuple(places), codes)

    def columns(self) -> Iterator[list[Any]]:
        """Yield the columns in full, in the order of the names."""
        for column in zip(*self.values, strict=True) if self.values else [()] * len(self.names):
            yield [column[code] for code in self.codes]


class PageRows(Iterable[Row]):
    """Rows of equal width. Iterated over, they are tuples in the order of `names`."""

    def __init__(
        self, names: tuple[str, ...], plain: Mapping[str, Sequence[Any]], coded: tuple[CodedColumns, ...] = ()
    ) -> None:
        """Each of `names` is a plain column or one of the coded ones."""
        self.names, self.plain, self.coded = names, plain, coded

    @classmethod
    def of(cls, names: tuple[str, ...], rows: Iterable[Row]) -> "PageRows":
        """Return rows by column. Raises ValueError for rows of another width."""
        found = list(zip(*rows, strict=True)) or [()] * len(names)
        return cls(names, dict(zip(names, found, strict=True)))

    def named(self, names: tuple[str, ...]) -> "PageRows":
        """Return the same rows under other names of the columns."""
        new = dict(zip(self.names, names, strict=True))
        coded = (CodedColumns(tuple(new[name] for name in each.names), each.values, each.codes) for each in self.coded)
        return PageRows(names, {new[name]: values for name, values in self.plain.items()}, tuple(coded))

    def __len__(self) -> int:
        return len(next(iter(self.plain.values()), ()))

    def __iter__(self) -> Iterator[Row]:
        return zip(*self.in_full().values(), strict=True)

    def in_full(self) -> dict[str, Sequence[Any]]:
        """Return every column by name, in their order."""
        known = dict(self.plain)
        for each in self.coded:
            known.update(zip(each.names, each.columns(), strict=True))
        return {name: known[name] for name in self.names}

    def coded_by(self, groups: Iterable[Iterable[str]]) -> "PageRows":
        """Return the rows with each of these groups of columns coded; a column that is in no group stays plain."""
        known = self.in_full()
        coded = []
        for group in groups:
            names = tuple(name for name in group if name in known)
            coded.append(CodedColumns.of(names, zip(*(known[name] for name in names), strict=True)))
        taken = {name for each in coded for name in each.names}
        return PageRows(self.names, {name: known[name] for name in known if name not in taken}, tuple(coded))
