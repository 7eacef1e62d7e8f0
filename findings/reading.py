"""The resources of a scan that rules may conclude from, and what they look up in it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from findings.resource import Resource, resource_of
from findings.rule import Facts, Lookup, Rule
from shared.core.models import Scan
from shared.evidence.readings import Readings
from shared.sql.findings.sources import FindingSources


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
