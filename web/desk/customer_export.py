"""Exports a customer's activity log or all its data on request. Each export is written to the activity log."""

from shared.core.audit import Action
from shared.core.errors import BadRequest, Conflict
from shared.core.limits import DOWNLOADS
from shared.core.operators import Operator, Role
from shared.wiring import Services
from web.desk.access import acting_operator, customer_event, desk_customer, fresh_operator, reason_of
from web.http.messages import Request, Response
from web.privacy.activity import EXPORT_ENTRIES, csv_file, filter_of, json_file
from web.privacy.download import DataSubject, part_number, parts_of, zip_file

FORMATS = ("csv", "json")
PERIOD = ("from", "to")


def whole_customer(tenant_id: str) -> DataSubject:
    """Return the data of a whole customer as the subject of an export."""
    return DataSubject(tenant_id, None, f"the organization {tenant_id}")


def exporting_administrator(request: Request, services: Services) -> tuple[Operator, str]:
    """Return the administrator and the customer of an export; raises SignInAgain without a fresh sign-in."""
    who = acting_operator(request, services, Role.ADMIN)
    tenant_id = desk_customer(request, services)
    fresh_operator(request, services, f"/desk/customers/{tenant_id}")
    return who, tenant_id


def desk_customer_audit(request: Request, services: Services) -> Response:
    """POST /desk/customers/{tenant_id}/audit: download the customer's activity log, whole or for a period."""
    who, tenant_id = exporting_administrator(request, services)
    reason, chosen = reason_of(request.form), request.form.get("format", "")
    if chosen not in FORMATS:
        raise BadRequest("Unknown format", "Nothing was exported. Go back and choose CSV or JSON.")
    period = {name: request.form[name] for name in PERIOD if name in request.form}
    wanted, log = filter_of(period), services.audit_log
    if log.count_of_customer(tenant_id, wanted) > EXPORT_ENTRIES:
        raise Conflict(
            f"The period has more than {EXPORT_ENTRIES:,} entries",
            "Nothing was exported. Go back and choose a shorter period.",
        )
    services.rate_limits.take(DOWNLOADS, who.object_id)
    details = {"format": chosen, **period}
    event = customer_event(tenant_id, who, Action.AUDIT_EXTRACTED, services.clock.now(), reason, details)
    entries = log.extract(tenant_id, event, EXPORT_ENTRIES + 1, wanted)
    return csv_file(entries, services) if chosen == "csv" else json_file(entries, None, services)


def desk_customer_data(request: Request, services: Services) -> Response:
    """POST /desk/customers/{tenant_id}/data: download one part of the customer's data."""
    who, tenant_id = exporting_administrator(request, services)
    reason, subject = reason_of(request.form), whole_customer(tenant_id)
    parts = parts_of(services, subject)
    number = part_number(request.form.get("part", "1"), len(parts))
    services.rate_limits.take(DOWNLOADS, who.object_id)
    details = {"part": number, "parts": len(parts)}
    event = customer_event(tenant_id, who, Action.DATA_EXTRACTED, services.clock.now(), reason, details)
    services.audit_log.append(event)
    return zip_file(services, subject, parts, number)
