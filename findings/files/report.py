"""What the checks found in files, as text and as JSON."""

import json
from collections.abc import Iterator

from findings.commands import command_for
from findings.judge import Judged, Scope
from findings.registry import RULES
from shared.core.finding_overlap import Claim, Totals, totals
from shared.core.findings import AffectedResource, DraftFinding
from shared.core.formats import money, month

SHOWN = 20
"""How many resources of a finding the text lists; JSON has all."""

NO_COSTS = "No costs were given, so the savings are unknown."


def _totals(judged: Judged) -> Totals:
    return totals(Claim(each.key, each.measure, each.resources, each.whole) for each in judged.findings)


def as_text(judged: Judged, scope: Scope) -> str:
    """Return the findings, those with the highest savings first."""
    counted = _totals(judged)
    lines = [*_heading(counted, scope)]
    for each in sorted(judged.findings, key=lambda each: (-_size(counted, each), each.key)):
        lines += _finding(each, counted)
    lines += [f"Not checked: {name} ({fault})." for name, fault in judged.failed.items()]
    return "\n".join(lines)


def _size(counted: Totals, each: DraftFinding) -> float:
    return float(sum(counted.by_finding[each.key].proven.values()))


def _heading(counted: Totals, scope: Scope) -> Iterator[str]:
    if not scope.read.costs:
        yield NO_COSTS
    for currency, amount in counted.proven.items():
        yield f"You could save {money(amount, currency)} a month, at what was billed in {month(scope.month)}."


def _finding(each: DraftFinding, counted: Totals) -> Iterator[str]:
    saved = ", ".join(money(amount, code) for code, amount in counted.by_finding[each.key].proven.items())
    yield ""
    yield f"{each.title}{f': {saved} a month' if saved else ''}  [{each.key.removeprefix('rule:')}]"
    yield from (f"  {_resource(one)}" for one in each.resources[:SHOWN])
    if len(each.resources) > SHOWN:
        yield f"  and {len(each.resources) - SHOWN:,} more"


def _resource(one: AffectedResource) -> str:
    amounts = ", ".join(money(saving.monthly, saving.currency) for saving in one.savings)
    evidence = "; ".join(f"{line.label}: {line.value}" for line in one.evidence)
    group = f" in {one.resource_group}" if one.resource_group else ""
    return " · ".join(part for part in (f"{one.resource_name}{group}", amounts, evidence) if part)


def as_json(judged: Judged, scope: Scope) -> str:
    """Return the findings with all their resources; amounts are texts, so that no digit is lost."""
    counted = _totals(judged)
    content = {
        "month": scope.month.isoformat(),
        "monthly_savings": {code: f"{amount:f}" for code, amount in counted.proven.items()},
        "findings": [_finding_json(each, counted) for each in judged.findings],
        "not_checked": dict(judged.failed),
    }
    return json.dumps(content, ensure_ascii=False, indent=2)


def _finding_json(each: DraftFinding, counted: Totals) -> dict[str, object]:
    proven = counted.by_finding[each.key].proven
    name = each.key.removeprefix("rule:")
    return {
        "check": name,
        "title": each.title,
        "measure": each.measure.value,
        "confidence": each.confidence.value,
        "effort": each.effort.value,
        "monthly_savings": {code: f"{amount:f}" for code, amount in proven.items()},
        "text": each.text,
        "resources": [{**_resource_json(one), "command": _command(name, one)} for one in each.resources],
    }


def _command(name: str, one: AffectedResource) -> str:
    return next((command_for(rule, one) for rule in RULES if rule.name == name), "")


def _resource_json(one: AffectedResource) -> dict[str, object]:
    return {
        "id": one.resource_id,
        "name": one.resource_name,
        "evidence": {line.label: line.value for line in one.evidence},
        "monthly_savings": {saving.currency: f"{saving.monthly:f}" for saving in one.savings},
        "note": one.note,
    }
