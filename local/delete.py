"""`python3 -m local delete`: an operator deletes a customer's data on request by mail, on the local data."""

import json
from pathlib import Path

from local.refusals import CannotRun
from local.run import RunOptions, open_services
from local.services import has_run
from shared.core.audit import operator
from shared.core.deletions import Deletion
from shared.wiring import Services

LOCAL_OPERATOR = operator("00000000-0000-4000-8000-00000000cafe", "operator@localhost")


def delete_local(data: Path, tenant_id: str, why: str, *, as_json: bool) -> int:
    """Delete all of one customer's data and print the receipt.

    Raises CannotRun without a reason, and for a customer of whom no data is held.
    """
    from shared.deletion.service import DeletionSubject, delete_customer

    if not has_run(data):
        raise CannotRun(f"There is no data in {data}: run `python3 -m local` or name the folder with --data.")
    if not why.strip():
        raise CannotRun("Give the reason with --reason: it is recorded in the activity log.")
    with open_services(RunOptions(7071, 7072, 1, "small", 1.0, data)) as services:
        require_customer(services, tenant_id)
        deletion = delete_customer(services, DeletionSubject(tenant_id), LOCAL_OPERATOR, why.strip())
    print(json.dumps(receipt(deletion)) if as_json else f"{deletion.rows} rows deleted, receipt {deletion.receipt_id}")
    return 0


def require_customer(services: Services, tenant_id: str) -> None:
    """Raises CannotRun, naming the customers that there are, when no data is held of this one."""
    if services.holdings.counts(tenant_id):
        return
    customers = services.customers
    held = list(customers.find(""))
    names = customers.names(held)
    known = ", ".join(f"{tenant} ({names.get(tenant, 'no user')})" for tenant in held) or "none"
    raise CannotRun(f"No data is held of tenant {tenant_id}; nothing was deleted. Customers with data: {known}.")


def receipt(deletion: Deletion) -> dict[str, object]:
    """The receipt for the customer."""
    return {
        "receipt": deletion.receipt_id,
        "state": deletion.state.value,
        "requested_at": deletion.requested_at.isoformat(),
        "rows": dict(deletion.counts),
    }
