"""What a scan can be judged by: which subscriptions were read, and what they hold."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from findings.resource import Resource, resource_of
from findings.rule import Facts, Lookup, Rule
from shared.catalogue import COSTS, INVENTORY
from shared.core.models import Scan, Step, StepStatus
from shared.sql.finding_sources import FindingSources

NO_ROWS = "NoRows"
"""The status code of a cost step that Azure answered without a row: that is no zero."""


@dataclass(frozen=True)
class Readings:
    """Which subscriptions (ids in lower case) a rule may conclude from.

    `unread` are the names of those whose inventory is missing or came without the
    properties that rules look at.
    """

    inventory: frozenset[str]
    costs: frozenset[str]
    unread: tuple[str, ...]


def readings(steps: Sequence[Step]) -> Readings:
    """From how the scan's steps ended. A listing that broke off half way may lack what a rule would look up."""
    return Readings(
        inventory=frozenset(step.subscription_id.lower() for step in steps if _is_whole_inventory(step)),
        costs=frozenset(step.subscription_id.lower() for step in steps if _has_costs(step)),
        unread=tuple(
            sorted(
                step.subscription_name or step.subscription_id
                for step in steps
                if step.collector == INVENTORY.name and not _is_whole_inventory(step)
            )
        ),
    )


def _is_whole_inventory(step: Step) -> bool:
    return step.collector == INVENTORY.name and step.status is StepStatus.SUCCEEDED and not step.simplified


def _has_costs(step: Step) -> bool:
    is_read = step.collector == COSTS.name and step.status is StepStatus.SUCCEEDED
    return is_read and step.status_code != NO_ROWS


@dataclass(frozen=True)
class Reader:
    """Streams one scan's resources, of the subscriptions that a rule may conclude from."""

    sources: FindingSources
    scan: Scan
    readings: Readings

    def resources(self, resource_types: frozenset[str]) -> Iterator[Resource]:
        """The resources of these types."""
        for row in self.sources.resources(self.scan.tenant_id, self.scan.scan_id, resource_types):
            if row.sub_account_id.lower() in self.readings.inventory:
                yield resource_of(row)

    def facts(self, rules: Sequence[Rule], today: date) -> Facts:
        """What all these rules look up, gathered in one pass."""
        lookups = {lookup for rule in rules for lookup in rule.lookups}
        wanted = frozenset(kind for lookup in lookups for kind in lookup.resource_types)
        gathered: dict[Lookup, set[str]] = {lookup: set() for lookup in lookups}
        for resource in self.resources(wanted):
            for lookup in lookups:
                if resource.type in lookup.resource_types:
                    gathered[lookup].update(lookup.read(resource))
        facts = Facts(today, {lookup: frozenset(ids) for lookup, ids in gathered.items()})
        return replace(facts, dev_test_subscriptions=self._dev_test())

    def _dev_test(self) -> frozenset[str]:
        quotas = self.sources.quota_ids(self.scan.tenant_id, self.scan.scan_id)
        return frozenset(each for each, quota in quotas.items() if "devtest" in quota.lower())
