"""The pages of the desk, on the way through all pages."""

import re
from collections.abc import Iterator

from tests.flow.person import Person
from tests.flow.stops import Stop, after, at, query, until_finished

ADD = re.compile("^Add ?:")
TABS = ("costs", "inventory", "recommendations", "findings", "query", "metrics", "jobs")
KQL = "resources | where type =~ 'microsoft.compute/disks' | project id, name, location"


def lists(reviewer: Person) -> Iterator[Stop]:
    yield at(reviewer, "desk-queue", "/desk")
    yield at(reviewer, "desk-queue-no-match", f"/desk?show=all&q={query('no such user')}")
    yield at(reviewer, "desk-retention", "/desk/retention")
    yield at(reviewer, "desk-sessions", "/desk/sessions")
    yield at(reviewer, "desk-dead-letters-none", "/desk/dead-letters")


def emptiness(reviewer: Person, base: str) -> Iterator[Stop]:
    """A scan that found no subscription."""
    yield at(reviewer, "desk-scan-of-nothing", base)
    for tab in (*TABS, "publish"):
        yield at(reviewer, f"desk-{tab}-of-nothing", f"{base}/{tab}")


def at_a_scan(reviewer: Person, base: str) -> Iterator[Stop]:
    yield at(reviewer, "desk-scan", base)
    for tab in TABS:
        yield at(reviewer, f"desk-{tab}", f"{base}/{tab}")
    yield at(reviewer, "desk-costs-by-resource", f"{base}/costs?by=resource")
    reviewer.opens(f"{base}/costs")
    month = reviewer.page.locator("#month option").nth(1).get_attribute("value")
    earlier = reviewer.page.locator("#month option").nth(3).get_attribute("value")
    yield at(reviewer, "desk-costs-compared", f"{base}/costs?by=service&month={month}&against={earlier}")
    yield Stop("desk-costs-drilled", reviewer, lambda: _drill(reviewer, base))
    yield at(reviewer, "desk-inventory-no-match", f"{base}/inventory?q={query('nothing like it')}")
    yield at(reviewer, "desk-publish", f"{base}/publish")
    yield from findings(reviewer, base)


def _drill(reviewer: Person, base: str) -> None:
    reviewer.opens(f"{base}/costs")
    reviewer.page.locator("tbody th a").first.click()


def findings(reviewer: Person, base: str) -> Iterator[Stop]:
    reviewer.opens(f"{base}/findings")
    draft = reviewer.page.locator("tbody th a").first.get_attribute("href") or ""
    yield at(reviewer, "desk-finding", draft)
    yield at(reviewer, "desk-finding-history", f"{draft}/history")
    reviewer.opens(f"{base}/findings")
    reviewer.page.get_by_role("button", name="Write a finding").click()
    written = reviewer.page.url.removeprefix(reviewer.app.url)
    yield at(reviewer, "desk-finding-new", written)
    yield after(reviewer, "desk-finding-wrong", written, version="1", title="", text="# Text", monthly="much")
    yield after(reviewer, "desk-finding-conflict", written, version="99", title="Mine", text="Mine",
                confidence="high", effort="low", measure="tidy")  # fmt: skip
    reviewer.opens(written)
    reviewer.page.get_by_label("Title").fill("Old disks of the payroll")
    reviewer.page.get_by_label("Text (Markdown)").fill("No user reads them:\n\n- **delete** them\n- or archive them")
    reviewer.page.get_by_label("Search this scan's inventory").fill("disk")
    reviewer.page.get_by_role("button", name="Search inventory", exact=True).click()
    yield Stop("desk-finding-found", reviewer, lambda: None)
    for _ in range(2):
        reviewer.page.get_by_role("button", name=ADD).first.click()
    reviewer.page.get_by_role("button", name="Show evidence").first.click()
    yield Stop("desk-finding-evidence", reviewer, lambda: None)
    yield at(reviewer, "desk-publish-written", f"{base}/publish")


def jobs(reviewer: Person, base: str) -> Iterator[Stop]:
    reviewer.opens(f"{base}/metrics")
    picked = [box.get_attribute("value") or "" for box in reviewer.page.locator("input.pick").all()[:2]]
    reviewer.opens(f"{base}/query")
    month = reviewer.page.locator("#from option").first.get_attribute("value") or ""
    forms = {
        "kql": ("query/resources", {"query": KQL, "cap": "100", "subscription": "all"}),
        "cost-query": ("query/costs", {"cost_type": "ActualCost", "granularity": "Monthly", "from": month, "to": month,
                                       "first_by": "ServiceName", "subscription": "all"}),
        "metrics": ("metrics", {"days": "7", **{f"resource_{n}": each for n, each in enumerate(picked)}}),
        "repull": ("repull", {"target": "everything"}),
    }  # fmt: skip
    for name, (path, fields) in forms.items():
        reviewer.page.route("**/static/progress.js", lambda route: route.abort())
        job = reviewer.sends(f"{base}/{path}", **fields, reason="To be sure of the figures").url
        address = job.removeprefix(reviewer.app.url)
        if name == "repull":
            yield at(reviewer, "desk-job-running", address)
        until_finished(reviewer, address)
        yield at(reviewer, f"desk-job-{name}", address)
    yield at(reviewer, "desk-jobs-done", f"{base}/jobs")


def customers(lead: Person, tenant_id: str) -> Iterator[Stop]:
    yield at(lead, "desk-customers", "/desk/customers")
    yield at(lead, "desk-customers-no-match", f"/desk/customers?q={query('no such user')}")
    yield at(lead, "desk-customer", f"/desk/customers/{tenant_id}")
    yield at(lead, "desk-customer-delete", f"/desk/customers/{tenant_id}/delete")
