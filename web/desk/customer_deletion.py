"""Deleting a customer's data because they asked for it by mail: what is held, the act, and what to answer them."""

from dataclasses import dataclass
from datetime import date

from shared.core.deletions import DeletionScope
from shared.core.errors import BadRequest, Conflict, RequestError
from shared.core.formats import day
from shared.core.operators import Operator, Role
from shared.core.periods import AUDIT_MONTHS, BACKUP_RETENTION_DAYS
from shared.deletion.service import Whose, delete_customer
from shared.sql.reviews.customers import CustomerUser
from shared.wiring import Services
from web.desk.access import MAX_REASON_CHARACTERS, acting_operator, actor, desk_customer, require_operator
from web.desk.customers import name_of
from web.desk.retention import SCOPE_WORDS
from web.http.messages import Request, Response, redirect
from web.privacy.data_rights import RECEIPT_ID, backups_until
from web.privacy.data_text import by_kind
from web.rendering.pages import no_such_page, render

EVERYBODY = "everybody"
EVERYTHING, FINDINGS = "everything", "findings"
NOTHING_DONE = "Nothing was deleted."


@dataclass(frozen=True)
class Holding:
    """What would go of one user, or of everybody."""

    value: str
    words: str
    kinds: list[tuple[str, int]]

    @property
    def records(self) -> int:
        return sum(count for _, count in self.kinds)


def desk_customer_deletion(request: Request, services: Services) -> Response:
    """GET /desk/customers/{tenant_id}/delete: what is held, and the form."""
    who = require_operator(request, services, Role.ADMIN)
    tenant_id = desk_customer(request, services)
    return _form(request, services, tenant_id, who)


def desk_customer_delete(request: Request, services: Services) -> Response:
    """POST /desk/customers/{tenant_id}/delete: deletes, and shows the receipt. What is wrong leaves the form filled."""
    who = acting_operator(request, services, Role.ADMIN)
    tenant_id = desk_customer(request, services)
    try:
        whose, findings_only = _chosen(request, services, tenant_id)
        why = _why(request, services)
    except (BadRequest, Conflict) as problem:
        return _form(request, services, tenant_id, who, problem)
    deletion = delete_customer(services, whose, actor(who), why, findings_only=findings_only)
    return redirect(f"/desk/customers/{tenant_id}/receipts/{deletion.receipt_id}")


def desk_customer_receipt(request: Request, services: Services) -> Response:
    """GET /desk/customers/{tenant_id}/receipts/{receipt_id}: what became of it, and what to answer the customer."""
    who = require_operator(request, services, Role.ADMIN)
    tenant_id = desk_customer(request, services)
    receipt_id = request.route.get("receipt_id", "")
    deletion = services.deletions.get(receipt_id) if RECEIPT_ID.fullmatch(receipt_id) else None
    if deletion is None or deletion.tenant_id != tenant_id:
        raise no_such_page()
    return render(
        "desk/customer_receipt.html",
        operator=who,
        tenant_id=tenant_id,
        deletion=deletion,
        what="the findings" if deletion.scope is DeletionScope.FINDINGS else "everything",
        scope_words=SCOPE_WORDS,
        kinds=by_kind(deletion.counts),
        backups_until=backups_until(deletion),
        backup_days=BACKUP_RETENTION_DAYS,
        audit_months=AUDIT_MONTHS,
        link=f"{services.settings.base_url}/data/receipts/{deletion.receipt_id}",
    )


def _form(
    request: Request, services: Services, tenant_id: str, who: Operator, problem: RequestError | None = None
) -> Response:
    users = services.customers.users(tenant_id)
    return render(
        "desk/customer_delete.html",
        status=problem.status if problem else 200,
        operator=who,
        problem=problem,
        tenant_id=tenant_id,
        name=name_of(users),
        holdings=_holdings(services, tenant_id, users),
        filled=request.form,
        today=services.clock.now().date(),
        backup_days=BACKUP_RETENTION_DAYS,
        audit_months=AUDIT_MONTHS,
    )


def _holdings(services: Services, tenant_id: str, users: list[CustomerUser]) -> list[Holding]:
    store = services.holdings
    everybody = Holding(EVERYBODY, "The whole organisation", by_kind(store.counts(tenant_id)))
    each = [
        Holding(
            user.user_object_id,
            user.username or f"User {user.user_object_id}",
            by_kind(store.counts(tenant_id, user.user_object_id)),
        )
        for user in users
    ]
    return [everybody, *each]


def _chosen(request: Request, services: Services, tenant_id: str) -> tuple[Whose, bool]:
    """Whose, and whether only the findings; raises BadRequest or Conflict."""
    what, whose = request.form.get("what", ""), request.form.get("whose", "")
    users = [user.user_object_id for user in services.customers.users(tenant_id)]
    if what not in (EVERYTHING, FINDINGS) or whose not in (EVERYBODY, *users):
        raise BadRequest("Say whose data, and what of it", NOTHING_DONE)
    if request.form.get("confirm", "").strip().lower() != tenant_id:
        raise BadRequest(
            "What you typed is another tenant id than this one", f"{NOTHING_DONE} Compare it with their mail."
        )
    chosen = Whose(tenant_id, None if whose == EVERYBODY else whose)
    held = services.holdings.counts(tenant_id, chosen.user_object_id)
    if not any(count for table, count in held.items() if what == EVERYTHING or table.startswith("finding")):
        raise Conflict("There is nothing of that kind to delete", f"{NOTHING_DONE} Look at what is held now.")
    return chosen, what == FINDINGS


def _why(request: Request, services: Services) -> str:
    """Who asked, when, and by which mail, in one sentence; raises BadRequest."""
    asked_by, mail = request.form.get("asked_by", "").strip(), request.form.get("mail", "").strip()
    if not asked_by or not mail:
        raise BadRequest("Say who asked, and by which mail", NOTHING_DONE)
    try:
        asked_on = date.fromisoformat(request.form.get("asked_on", ""))
    except ValueError:
        raise BadRequest("Say on which day they asked", NOTHING_DONE) from None
    if asked_on > services.clock.now().date():
        raise BadRequest("The day on which they asked is still to come", NOTHING_DONE)
    why = f"Asked for by {asked_by} on {day(asked_on)}, by mail: {mail}"
    if len(why) > MAX_REASON_CHARACTERS:
        raise BadRequest("Who asked and by which mail is too long", f"{NOTHING_DONE} Shorten it.")
    return why
