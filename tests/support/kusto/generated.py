"""Queries by a seed: of every operator and function that the allow-list knows, mostly well typed, some of them not.

Some read what may never be read, some use a dynamic value where a type is needed.
"""

import random
from collections.abc import Iterator

from shared.core.inventory_properties import PROPERTIES

TEXT, NUMBER, DATE, FLAG, DYNAMIC, LIST = "text", "number", "date", "flag", "dynamic", "list"
COLUMNS = dict.fromkeys(("id", "name", "type", "kind", "location", "resourceGroup", "subscriptionId"), TEXT)
FORBIDDEN = (
    *("properties", "identity.principalId", "properties.osProfile.adminUsername", "tags.client_secret", "tags.a.b"),
    *("sku.other", "plan", "zones", "properties['disk' + 'State']", "systemData.createdBy", "bag_keys(tags)"),
)
TABLES = ("resources", "Resources", "RESOURCES", "resources ", "resourcecontainers", "authorizationresources")
WEIGHTS = (60, 12, 8, 8, 9, 3)
TYPES = sorted(PROPERTIES)


def queries(seed: int, count: int) -> Iterator[str]:
    """Yield so many queries, always the same ones for a seed."""
    for number in range(count):
        yield _Writer(random.Random(seed * 1_000_003 + number)).query()  # noqa: S311  not for secrets


class _Writer:
    """Writes one query; `columns` are those at the present point, by name, with their type."""

    def __init__(self, draw: random.Random) -> None:
        self.draw = draw
        self.kind = draw.choice(TYPES)
        self.columns = dict(COLUMNS)
        self.is_table = True
        self.names = 0

    def query(self, operators: int = 4) -> str:
        table = self.draw.choices(TABLES, WEIGHTS)[0]
        parts = [table]
        if self.draw.random() < 0.85:
            parts.append(f"where type {self.draw.choice(['=~', '=='])} '{self.kind}'")
        parts += [self._operator() for _ in range(self.draw.randrange(operators))]
        if self.is_table:
            parts.append(self._project())
        return " | ".join(parts)

    def _operator(self) -> str:
        written = self.draw.choice(
            (
                *(self._where, self._where, self._extend, self._extend, self._project, self._summarize, self._order),
                *(self._top, self._take, self._distinct, self._join, self._union, self._count),
            )
        )
        return written()

    def _where(self) -> str:
        return f"where {self.flag(0)}"

    def _extend(self) -> str:
        named = [self._named() for _ in range(self.draw.randint(1, 2))]
        self.columns |= {name: kind for name, _, kind in named}
        return "extend " + ", ".join(f"{name} = {written}" for name, written, _ in named)

    def _project(self) -> str:
        named = [self._named() for _ in range(self.draw.randint(1, 3))]
        self._leave({name: kind for name, _, kind in named})
        return "project " + ", ".join(f"{name} = {written}" for name, written, _ in named)

    def _summarize(self) -> str:
        sums = [(self._name(), *self._sum()) for _ in range(self.draw.randint(1, 2))]
        keys = [self._named((TEXT, NUMBER, DATE, FLAG)) for _ in range(self.draw.randrange(3))]
        self._leave({name: kind for name, _, kind in (*sums, *keys)})
        by = " by " + ", ".join(f"{name} = {written}" for name, written, _ in keys) if keys else ""
        return "summarize " + ", ".join(f"{name} = {written}" for name, written, _ in sums) + by

    def _sum(self) -> tuple[str, str]:
        return self.draw.choice(
            (
                ("count()", NUMBER),
                (f"countif({self.flag(1)})", NUMBER),
                (f"dcount({self.any(1)})", NUMBER),
                (f"sum({self.number(1)})", NUMBER),
                (f"avg({self.number(1)})", NUMBER),
                (f"max({self.number(1)})", NUMBER),
                (f"min({self.date(1)})", DATE),
                (f"make_set({self.text(1)})", LIST),
                (f"take_any({self.text(1)})", TEXT),
            )
        )

    def _order(self) -> str:
        return f"order by {self.draw.choice((self.text, self.number, self.date))(1)} desc"

    def _top(self) -> str:
        return f"top 5 by {self.any(1)} asc"

    def _take(self) -> str:
        return f"take {self.draw.randint(1, 99)}"

    def _distinct(self) -> str:
        named = [self._named((TEXT, NUMBER)) for _ in range(self.draw.randint(1, 2))]
        keys = [name for name, _, _ in named]
        before = "extend " + ", ".join(f"{name} = {written}" for name, written, _ in named)
        self._leave({name: kind for name, _, kind in named})
        return f"{before} | distinct {', '.join(keys)}"

    def _count(self) -> str:
        self._leave({"Count": NUMBER})
        return "count"

    def _join(self) -> str:
        before = f"{self._project()} | " if self.is_table else ""
        key, written, _ = self._named((TEXT,))
        self.columns[key] = TEXT
        inner = f"resources | project other{key} = name, {self._name()} = location"
        self.columns[f"other{key}"] = TEXT
        return f"{before}extend {key} = {written} | join kind=inner ({inner}) on $left.{key} == $right.other{key}"

    def _union(self) -> str:
        before = f"{self._project()} | " if self.is_table else ""
        name = self._name()
        self.columns[name] = TEXT
        return f"{before}union (resourcecontainers | project {name} = name)"

    def _leave(self, columns: dict[str, str]) -> None:
        self.columns, self.is_table = columns, False

    def _name(self) -> str:
        self.names += 1
        return f"c{self.names}"

    def _named(self, kinds: tuple[str, ...] = (TEXT, TEXT, NUMBER, DATE, FLAG, DYNAMIC)) -> tuple[str, str, str]:
        kind = self.draw.choice(kinds)
        return self._name(), getattr(self, kind)(0), kind

    def any(self, depth: int) -> str:
        return str(self.draw.choice((self.text, self.number, self.date, self.dynamic))(depth))

    def _column(self, kind: str, otherwise: str) -> str:
        known = [name for name, its in self.columns.items() if its == kind]
        return self.draw.choice(known) if known else otherwise

    def _list(self) -> str:
        written = next(iter(PROPERTIES[self.kind].values())) if self.is_table else "dynamic(null)"
        return self._column(LIST, written if written.startswith("properties.") else "dynamic(null)")

    def _is_odd(self) -> bool:
        return self.draw.random() < 0.03

    def text(self, depth: int) -> str:
        if self._is_odd():
            return self.dynamic(depth)
        simple = (self._column(TEXT, "'a'"), "'web'", f"tostring({self.dynamic(depth + 1)})")
        if depth > 2:
            return self.draw.choice(simple)
        inner = self.text(depth + 1)
        more = (f"tolower({inner})", f"strcat({inner}, 'x')", f"substring({inner}, 1)", f"trim('a', {inner})")
        return self.draw.choice((*simple, *simple, *more))

    def number(self, depth: int) -> str:
        if self._is_odd():
            return self.dynamic(depth)
        simple = (self._column(NUMBER, "7"), "3", f"toint({self.dynamic(depth + 1)})")
        if depth > 2:
            return self.draw.choice(simple)
        inner = self.number(depth + 1)
        more = (f"({inner} + 1)", f"abs({inner})", f"strlen({self.text(depth + 1)})", f"bin({inner}, 10)")
        ages = (f"datetime_diff('day', now(), {self.date(depth + 1)})", f"array_length({self._list()})")
        return self.draw.choice((*simple, *more, *ages))

    def date(self, depth: int) -> str:
        if self._is_odd():
            return self.dynamic(depth)
        simple = ("now()", "ago(30d)", "datetime(2026-01-01)", self._column(DATE, "ago(7d)"))
        made = (f"todatetime({self.dynamic(depth + 1)})", f"startofday({self.draw.choice(simple)})")
        return self.draw.choice((*simple, *made))

    def flag(self, depth: int) -> str:
        if self._is_odd():
            return self.dynamic(depth)
        sign = self.draw.choice(("==", "!=", "<", ">="))
        simple = (
            f"{self.text(depth + 1)} {self.draw.choice(('==', '=~', '!~', 'has', 'contains', 'startswith'))} 'a'",
            f"{self.number(depth + 1)} {sign} {self.number(depth + 1)}",
            f"{self.date(depth + 1)} {sign} {self.date(depth + 1)}",
            f"isnotempty({self.any(depth + 1)})",
            f"{self.text(depth + 1)} in ('a', 'b')",
            f"{self.number(depth + 1)} between (1 .. 9)",
            f"{self.dynamic(depth + 1)} has 'a'",
            f"{self.dynamic(depth + 1)} == 'a'",
        )
        if depth > 1:
            return self.draw.choice(simple)
        left, right = self.flag(depth + 1), self.flag(depth + 1)
        return self.draw.choice((*simple, f"({left} and {right})", f"({left} or {right})", f"not({left})"))

    def dynamic(self, depth: int) -> str:
        if self.draw.random() < 0.03:
            return self.draw.choice(FORBIDDEN)
        if not self.is_table:
            return self._column(DYNAMIC, "dynamic(null)")
        listed = [written for written in PROPERTIES[self.kind].values() if written.startswith("properties.")]
        simple = (*listed, *listed, "tags.env", "tags['Cost Center']", "sku.name", "split(id, '/')[4]")
        if depth > 1:
            return self.draw.choice(simple)
        both = self.dynamic(depth + 1), self.dynamic(depth + 1)
        return self.draw.choice((*simple, f"coalesce({both[0]}, {both[1]})", f"iff(true, {both[0]}, {both[1]})"))
