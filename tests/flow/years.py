"""`python -m tests.flow.years [MONTHS [SEED ...]]`: monthly scans of an estate whose owner acts, as a diary.

Each month some resources that findings name are deleted, one comes back, one moves to another group, one subscription
may not be listed, and one month has no scan. After each scan the ledger is compared with what the generator billed:
claimed as saved is exactly what left the bill.
"""

import random
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

from shared.core.finding_overlap import Amounts
from shared.core.findings import Measure
from shared.core.money import sum_exactly
from shared.core.periods import add_months
from shared.core.savings_ledger import LedgerEntry
from shared.sql.findings.savings_ledger import SavingsLedger
from simulator.estate.charges import month_number
from simulator.estate.estate import Estate
from tests.prepared import say
from tests.support.changing_estate import ChangingEstate, Move, Removal
from tests.support.collecting import TENANT
from tests.support.desk import Desk
from tests.unit.web.reviewed import drafted, publish

MONTHS = 14
SEEDS = (144, 7, 21, 42, 99)
FIRST = datetime(2026, 11, 23, 12, tzinfo=UTC)
SKIPPED_MONTH = 5
"""The month without a scan, counted from the first."""


SNAPSHOTS = "/snapshots/"
"""They are not moved: the simulated ones have a creation time that follows the day of the scan, so that nothing shows
that they are the same after a move."""


@dataclass
class Customer:
    """One organisation over months: what its owner did, and the truth of what that took off the bill.

    `open_until` is, by resource as it was first named, the last complete month of the last scan that found it.
    """

    seed: int
    desk: Desk
    removals: dict[str, Removal] = field(default_factory=dict)
    moves: dict[str, Move] = field(default_factory=dict)
    open_until: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.choose = random.Random(self.seed)  # noqa: S311  a diary that can be repeated
        self.bills = Estate(self.seed, "tiny")

    def scan(self, at: datetime) -> None:
        """Scan and publish, as a month passes."""
        estate = ChangingEstate(self.seed, "tiny", self.removals, self.moves)
        publish(self.desk, drafted(self.desk, at, estate))
        for one in self.entries():
            name = one.moved_from or one.resource_id
            if name not in self.removals:
                self.open_until[name] = month_number(at.year, at.month) - 1

    def entries(self) -> list[LedgerEntry]:
        return SavingsLedger(self.desk.parts.database, TENANT).entries()

    def act(self, month: int) -> Iterator[str]:
        """Delete one or two resources for good from this month on, and move another; yields what was done."""
        removable = sorted(
            {
                one.resource_id
                for one in self.entries()
                if one.measure is Measure.REMOVE and one.resource_id not in self.removals and not one.moved_from
            }
        )
        for resource_id in self.choose.sample(removable, min(len(removable), self.choose.randint(1, 2))):
            self.removals[resource_id] = Removal(month, month)
            yield f"deleted {resource_id.rpartition('/')[2]}"
        left = [each for each in removable if each not in {*self.removals, *self.moves} and SNAPSHOTS not in each]
        if left and self.choose.random() < 1 / 3:
            moved = self.choose.choice(left)
            self.moves[moved] = Move(month, f"rg-moved-{month}-prod")
            yield f"moved {moved.rpartition('/')[2]} to another group"

    def truth(self, resource_id: str, last_month: int) -> Amounts:
        """What the deletion of a resource took off the bill, up to this month: its bill when it was last found, for
        each month since."""
        removal = self.removals.get(resource_id)
        if removal is None:
            return {}
        before = self.billed(resource_id, self.open_until[resource_id])
        months = max(0, last_month - removal.charges_until + 1)
        return {currency: amount * months for currency, amount in before.items() if months}

    def billed(self, resource_id: str, month: int) -> dict[str, Decimal]:
        rows = [
            row
            for one in self.bills.subscriptions
            for row in self.bills.cost_rows(one, range(month, month + 1))
            if row.resource_id.lower() == resource_id
        ]
        currencies = sorted({row.currency for row in rows})
        return {
            name: sum_exactly(Decimal(repr(row.amount)) for row in rows if row.currency == name) for name in currencies
        }


def differences(customer: Customer, at: datetime) -> list[str]:
    """Compare each entry's realized savings with the truth; empty: all are equal."""
    last_month = month_number(at.year, at.month) - 1
    found = []
    for one in customer.entries():
        claimed = {currency: amount for currency, amount in one.realized.items() if amount}
        true = {
            currency: amount
            for currency, amount in customer.truth(one.moved_from or one.resource_id, last_month).items()
            if amount
        }
        if claimed != true:
            found.append(f"{one.resource_name}: claimed {claimed}, true {true}, {one.fate}")
    return found


def diary(seed: int, months: int) -> Iterator[tuple[str, list[str]]]:
    """Yield a line and the differences for each month."""
    with tempfile.TemporaryDirectory() as folder:
        customer = Customer(seed, Desk(Path(folder)))
        customer.scan(FIRST)
        yield f"{FIRST:%b %Y}: first review, {len(customer.entries())} resources named", []
        for number in range(1, months):
            day = add_months(FIRST.date(), number)
            at = replace_day(FIRST, day.year, day.month)
            done = list(customer.act(month_number(at.year, at.month)))
            if number == SKIPPED_MONTH:
                yield f"{at:%b %Y}: no scan; {', '.join(done) or 'nothing done'}", []
                continue
            customer.scan(at)
            realized = sorted({one.fate.value for one in customer.entries()})
            yield f"{at:%b %Y}: {', '.join(done) or 'nothing done'}; {', '.join(realized)}", differences(customer, at)
        customer.desk.close()


def replace_day(moment: datetime, year: int, month: int) -> datetime:
    return moment.replace(year=year, month=month)


def main(words: Sequence[str]) -> int:
    months = int(words[0]) if words else MONTHS
    wrong = 0
    for seed in [int(word) for word in words[1:]] or SEEDS:
        say(f"== seed {seed}")
        for line, found in diary(seed, months):
            say("\n   ".join((line, *found)))
            wrong += len(found)
    say(f"{wrong} differences between what is claimed and what left the bill")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
