"""Every page of the app in every state that matters, one after the other, on one run."""

from collections.abc import Iterator
from datetime import UTC, datetime

from playwright.sync_api import Browser

from local.run import Run
from shared.core.messages import ScanMessage
from shared.core.periods import last_complete_months
from shared.messaging.queues import DRAFT_FINDINGS
from shared.sql.scans.dead_letters import DeadLetters
from simulator.people import BY_USERNAME, CONTOSO
from tests.flow.conftest import App
from tests.flow.person import Person
from tests.flow.stops import Stop, after, at, query, scan_of, until_finished
from tests.flow.tour_desk import at_a_scan, customers, emptiness, jobs, lists

REFUSED_KQL = "resources | where type =~ 'microsoft.compute/virtualmachines' | project properties.osProfile"


def compared() -> str:
    """The last two complete months, as the address of the costs names them."""
    before, last = last_complete_months(datetime.now(UTC).date()).months[-2:]
    return f"month={last:%Y-%m}&against={before:%Y-%m}"


class Tour:
    """The people of it, each in a browser of their own."""

    def __init__(self, browser: Browser, run: Run) -> None:
        app = App(run.options.base_url, run.options.tenant.url)
        self.run = run
        self.nobody, self.owner, self.reader, self.newcomer, self.member, self.reviewer, self.lead = (
            Person(browser, app) for _ in range(7)
        )

    def people(self) -> tuple[Person, ...]:
        return (self.nobody, self.owner, self.reader, self.newcomer, self.member, self.reviewer, self.lead)

    def close(self) -> None:
        for person in self.people():
            person.context.close()

    def stops(self) -> Iterator[Stop]:
        """The consumer looks at each page before the next is asked for: what happens between them is done then."""
        yield from self.signed_out()
        yield from self.consent()
        scan = scan_of(self.owner)
        yield from self.scans(scan)
        yield from self.desk(scan)
        yield from self.published(scan)
        yield from self.endings()

    def signed_out(self) -> Iterator[Stop]:
        yield at(self.nobody, "landing", "/")
        yield at(self.nobody, "permissions", "/permissions")
        yield at(self.nobody, "checks", "/checks")
        yield at(self.nobody, "security", "/security")
        yield at(self.nobody, "admin-approval", "/consent/admin")
        yield at(self.nobody, "consent-refused", "/consent/callback?state=forged")
        yield at(self.nobody, "admin-callback", "/consent/admin/callback?admin_consent=True&tenant=forged")
        yield at(self.nobody, "signed-out", "/scans")
        yield at(self.nobody, "sign-in", "/sign-in?return_to=/data")
        yield at(self.nobody, "sign-in-refused", "/sign-in/callback?state=forged")
        yield at(self.nobody, "no-such-page", "/nowhere")
        yield at(self.nobody, "desk-sign-in", "/desk/sign-in")
        yield at(self.nobody, "desk-sign-in-refused", "/desk/callback?state=forged")
        self.member.picks("member@contoso.example")
        yield Stop("admin-needed", self.member, self.member.page.get_by_text("Return to the application").click)
        self.nobody.opens("/sign-in")
        self.nobody.signs_in_to_read("newcomer@contoso.example")
        yield Stop("no-review", self.nobody, lambda: None)

    def consent(self) -> Iterator[Stop]:
        """Three customers; of the owner's scan the page that watches it, without its script, which would go on."""
        self.owner.page.route("**/static/progress.js", lambda route: route.abort())
        for person, name in ((self.owner, "owner"), (self.reader, "reader"), (self.newcomer, "newcomer")):
            person.picks(f"{name}@contoso.example")
            person.decides()
            person.page.wait_for_url("**/scans/*")
            if person is self.owner:
                yield at(person, "progress-running", scan_of(person))
            until_finished(person, scan_of(person))

    def scans(self, scan: str) -> Iterator[Stop]:
        owner, newcomer = self.owner, self.newcomer
        yield at(owner, "savings-history-empty", "/savings-history")
        for name, address in {"scans": "/scans", "overview-before": scan, "former-report": f"{scan}/report"}.items():
            yield at(owner, name, address)
        for page in ("costs", "changes", "inventory", "recommendations", "coverage", "downloads"):
            yield at(owner, page, f"{scan}/{page}")
            yield at(newcomer, f"{page}-of-nothing", f"{scan_of(newcomer)}/{page}")
        yield at(owner, "costs-compared", f"{scan}/costs?by=subscription&{compared()}")
        yield at(owner, "costs-filtered", f"{scan}/costs?by=meter&is_service=Storage")
        yield at(owner, "costs-by-tag", f"{scan}/costs?by=tag")
        yield at(self.reader, "overview-half", scan_of(self.reader))
        yield at(self.reader, "coverage-half", f"{scan_of(self.reader)}/coverage")
        yield at(newcomer, "overview-of-nothing", scan_of(newcomer))
        yield at(owner, "savings-before", f"{scan}/savings")
        for name, address in {
            "data": "/data",
            "activity": "/audit",
            "disconnect": "/disconnect",
        }.items():
            yield at(owner, name, address)
        yield after(owner, "mail-address-sent", "/mail-address", address="costs@contoso.example")
        user = BY_USERNAME["owner@contoso.example"].home_object_id
        code = self.run.services.mail_confirmations.start(CONTOSO.tenant_id, user, "costs@contoso.example")
        yield at(owner, "mail-address-link", f"/mail-address/{code}")
        yield at(owner, "sessions", "/sessions")
        yield at(owner, "api-tokens", "/api-tokens")
        yield at(owner, "board-before", f"{scan}/board")
        yield at(owner, "activity-without-entries", "/audit?actor=operator")
        yield at(owner, "delete-everything", "/data/delete?what=everything")
        yield at(owner, "delete-scan", f"/data/delete?what=scan&scan={scan.rpartition('/')[2]}")

    def desk(self, scan: str) -> Iterator[Stop]:
        reviewer, base = self.reviewer, f"/desk{scan}"
        reviewer.signs_in_at_the_desk("reviewer@caleta.example")
        yield from lists(reviewer)
        yield from emptiness(reviewer, f"/desk{scan_of(self.newcomer)}")
        reviewer.sends(f"{base}/claim")
        yield after(reviewer, "desk-taken-already", f"{base}/claim")
        yield from at_a_scan(reviewer, base)
        yield after(reviewer, "desk-query-refused", f"{base}/query/resources", query=REFUSED_KQL, reason="a look")
        yield from jobs(reviewer, base)
        self._leave_letters()
        yield at(reviewer, "desk-dead-letters", "/desk/dead-letters")
        self.lead.signs_in_at_the_desk("lead@caleta.example")
        yield from customers(self.lead, CONTOSO.tenant_id)

    def published(self, scan: str) -> Iterator[Stop]:
        owner, reviewer, base = self.owner, self.reviewer, f"/desk{scan}"
        reviewer.opens(f"{base}/publish")
        reviewer.page.get_by_role("button", name="Publish").click()
        for name in ("findings", "publish", "metrics", "jobs"):
            yield at(reviewer, f"desk-{name}-published", f"{base}/{name}")
        yield at(reviewer, "desk-queue-published", "/desk?show=published")
        yield at(owner, "savings-history", "/savings-history")
        yield at(owner, "savings", f"{scan}/savings")
        first, second = (card.get_attribute("id") for card in owner.page.locator(".finding").all()[:2])
        yield at(owner, "savings-opened", f"{scan}/savings?open={second}")
        seen = {"version": "0", "seen": owner.page.locator("input[name=seen]").first.get_attribute("value") or ""}
        decision = f"{scan}/findings/{second}/decision"
        yield after(owner, "savings-without-reason", decision, decision="dismissed", reason="", **seen)
        owner.opens(f"{scan}/savings?open={first}")
        owner.page.locator(f"[id='{first}']").get_by_role("button", name="Accept").click()
        owner.page.get_by_role("button", name="Undo").wait_for()
        yield at(owner, "savings-accepted", f"{scan}/savings?open={first}&undo={first}")
        yield at(owner, "overview", scan)
        yield at(owner, "activity-of-reviewers", "/audit?actor=operator")
        yield at(owner, "delete-findings", f"/data/delete?what=findings&scan={scan.rpartition('/')[2]}")

    def endings(self) -> Iterator[Stop]:
        yield after(self.newcomer, "disconnected", "/disconnect")
        receipt = self.reader.sends("/data/delete", what="everything").url
        yield at(self.reader, "receipt", receipt.removeprefix(self.reader.app.url))
        form = f"/desk/customers/{CONTOSO.tenant_id}/delete"
        asked = {"user": "all", "scope": "everything", "requested_by": "Olivia Owner", "mail": "Please delete"}
        asked["requested_on"] = datetime.now(UTC).date().isoformat()
        yield after(self.lead, "desk-delete-mistyped", form, **asked, confirm="contoso")
        done = self.lead.sends(form, **asked, confirm=CONTOSO.tenant_id).url.removeprefix(self.lead.app.url)
        yield at(self.lead, "desk-customer-receipt", done)
        yield at(self.lead, "desk-customer-gone", f"/desk/customers/{CONTOSO.tenant_id}")
        yield at(self.lead, "desk-retention-after", "/desk/retention")
        yield at(self.lead, "desk-queue-empty", f"/desk?q={query('no such user')}")

    def _leave_letters(self) -> None:
        """One that can be sent again and one that never could be read."""
        letters, now = DeadLetters(self.run.services.database), datetime.now(UTC)
        message = ScanMessage(tenant_id=CONTOSO.tenant_id, scan_id=scan_of(self.owner).rpartition("/")[2]).encode()
        letters.record(
            CONTOSO.tenant_id,
            DRAFT_FINDINGS.name,
            "UnexpectedPayload: no rows",
            message.decode(),
            now,
            message.decode(),
        )
        letters.record(None, DRAFT_FINDINGS.name, "BadMessage: ScanMessage: body cannot be used", "{", now)
