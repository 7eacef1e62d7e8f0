"""Deletes a customer's data on request: the stored data, the form, and the receipt with the text of the reply."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from shared.core.deletions import DeletionScope
from shared.core.errors import BadRequest, Conflict, RequestError
from shared.core.formats import day
from shared.core.operators import Operator, Role
from shared.core.periods import AUDIT_MONTHS, BACKUP_RETENTION_DAYS
from shared.deletion.service import DeletionSubject, delete_customer
from shared.sql.deletion.holdings import Holdings
from shared.sql.reviews.customers import CustomerUser
from shared.wiring import Services
from web.desk.access import (
    MAX_REASON_CHARACTERS,
    acting_operator,
    actor,
    desk_customer,
    fresh_operator,
    require_operator,
)
from web.desk.customers import name_of
from web.desk.retention import SCOPE_LABELS
from web.http.messages import Request, Response, redirect
from web.privacy.data_rights import RECEIPT_ID, backups_until
from web.privacy.data_text import by_kind
from web.rendering.pages import no_such_page, render

ALL_USERS = "all"
EVERYTHING, FINDINGS = "everything", "findings"
NOTHING_DELETED = "Nothing was deleted."


@dataclass(frozen=True)
class StoredData:
    """The stored records of one user, or of the whole customer; `value` is the option in the form."""

    value: str
    name: str
    kinds: list[tuple[str, int]]

    @property
    def records(self) -> int:
        return sum(count for _, count in self.kinds)


@dataclass(frozen=True)
class DeletionCommand:
    """What to delete and why, as parsed from the form."""

    subject: DeletionSubject
    findings_only: bool
    reason: str


def desk_customer_deletion(request: Request, services: Services) -> Response:
    """GET /desk/customers/{tenant_id}/delete: the stored data and the form."""
    require_operator(request, services, Role.ADMIN)
    tenant_id = desk_customer(request, services)
    who = fresh_operator(request, services, f"/desk/customers/{tenant_id}/delete")
    return _form(request, services, tenant_id, who)


def desk_customer_delete(request: Request, services: Services) -> Response:
    """POST /desk/customers/{tenant_id}/delete: delete, then show the receipt. On an error, show the filled form."""
    who = acting_operator(request, services, Role.ADMIN)
    tenant_id = desk_customer(request, services)
    fresh_operator(request, services, f"/desk/customers/{tenant_id}/delete")
    try:
        command = _command(request.form, tenant_id, services.customers.users(tenant_id), services.clock.now().date())
        _check_has_data(services.holdings, command)
    except (BadRequest, Conflict) as problem:
        return _form(request, services, tenant_id, who, problem)
    deletion = delete_customer(
        services, command.subject, actor(who), command.reason, findings_only=command.findings_only
    )
    return redirect(f"/desk/customers/{tenant_id}/receipts/{deletion.receipt_id}")


def desk_customer_receipt(request: Request, services: Services) -> Response:
    """GET /desk/customers/{tenant_id}/receipts/{receipt_id}: the result and the text of the reply."""
    who = require_operator(request, services, Role.ADMIN)
    tenant_id = desk_customer(request, services)
    receipt_id = request.route.get("receipt_id", "")
    found = RECEIPT_ID.fullmatch(receipt_id) and services.receipts.get_of_customer(tenant_id, receipt_id)
    if not found:
        raise no_such_page()
    return render(
        "desk/customer_receipt.html",
        operator=who,
        tenant_id=tenant_id,
        name=name_of(services.customers.users(tenant_id)),
        deletion=found,
        deleted_data="the findings of your reviews" if found.scope is DeletionScope.FINDINGS else "your data",
        scope_labels=SCOPE_LABELS,
        kinds=by_kind(found.counts),
        backups_until=backups_until(found),
        backup_days=BACKUP_RETENTION_DAYS,
        audit_months=AUDIT_MONTHS,
        link=f"{services.settings.base_url}/data/receipts/{found.receipt_id}",
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
        groups=_stored_data(services.holdings, tenant_id, users),
        filled=request.form,
        today=services.clock.now().date(),
        backup_days=BACKUP_RETENTION_DAYS,
        audit_months=AUDIT_MONTHS,
    )


def _stored_data(holdings: Holdings, tenant_id: str, users: Sequence[CustomerUser]) -> list[StoredData]:
    whole = StoredData(ALL_USERS, "All users", by_kind(holdings.counts(tenant_id)))
    return [whole, *(_of_user(holdings, tenant_id, user) for user in users)]


def _of_user(holdings: Holdings, tenant_id: str, user: CustomerUser) -> StoredData:
    name = user.username or f"User {user.user_object_id}"
    return StoredData(user.user_object_id, name, by_kind(holdings.counts(tenant_id, user.user_object_id)))


def _command(form: Mapping[str, str], tenant_id: str, users: Sequence[CustomerUser], today: date) -> DeletionCommand:
    """Parse the form; raise BadRequest."""
    user, scope = form.get("user", ""), form.get("scope", "")
    if scope not in (EVERYTHING, FINDINGS) or user not in (ALL_USERS, *(each.user_object_id for each in users)):
        raise BadRequest("Choose a user and the data to delete", NOTHING_DELETED)
    if form.get("confirm", "").strip().lower() != tenant_id:
        raise BadRequest(
            "The tenant ID you typed does not match this customer",
            f"{NOTHING_DELETED} Compare it with the customer's email.",
        )
    subject = DeletionSubject(tenant_id, None if user == ALL_USERS else user)
    return DeletionCommand(subject, scope == FINDINGS, _reason(form, today))


def _check_has_data(holdings: Holdings, command: DeletionCommand) -> None:
    """Raise Conflict if there is nothing to delete."""
    counts = holdings.counts(command.subject.tenant_id, command.subject.user_object_id)
    if not any(count for table, count in counts.items() if not command.findings_only or table.startswith("finding")):
        raise Conflict("There is no such data to delete", f"{NOTHING_DELETED} The page shows the data stored now.")


def _reason(form: Mapping[str, str], today: date) -> str:
    """Return who requested the deletion, when and by which email, as one sentence; raise BadRequest."""
    requested_by, mail = form.get("requested_by", "").strip(), form.get("mail", "").strip()
    if not requested_by or not mail:
        raise BadRequest("Enter who made the request, and the email", NOTHING_DELETED)
    try:
        requested_on = date.fromisoformat(form.get("requested_on", ""))
    except ValueError:
        raise BadRequest("Enter the date of the request", NOTHING_DELETED) from None
    if requested_on > today:
        raise BadRequest("The date of the request is in the future", NOTHING_DELETED)
    reason = f"Requested by {requested_by} on {day(requested_on)} by email: {mail}"
    if len(reason) > MAX_REASON_CHARACTERS:
        raise BadRequest("The name and the email are too long", f"{NOTHING_DELETED} Shorten them.")
    return reason
