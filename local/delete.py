"""`python3 -m local delete`: an operator deletes a customer's data on request by mail, on the local data."""

import json
from pathlib import Path

from local.refusals import CannotRun
from local.run import RunOptions, open_services
from local.services import has_run
from shared.core.audit import operator
from shared.core.deletions import Deletion

LOCAL_OPERATOR = operator("00000000-0000-4000-8000-00000000cafe", "operator@localhost")


def delete_local(data: Path, tenant_id: str, why: str, *, as_json: bool) -> int:
    """Deletes all of one customer's data and prints the receipt; raises CannotRun without data or without a reason."""
    from shared.deletion.service import Whose, delete_customer

    if not has_run(data):
        raise CannotRun(f"There is no data in {data}: run `python3 -m local` or name the folder with --data.")
    if not why.strip():
        raise CannotRun("Say why with --reason: it goes on record.")
    with open_services(RunOptions(7071, 7072, 1, "small", 1.0, data)) as services:
        deletion = delete_customer(services, Whose(tenant_id), LOCAL_OPERATOR, why.strip())
    print(json.dumps(receipt(deletion)) if as_json else f"{deletion.rows} rows deleted, receipt {deletion.receipt_id}")
    return 0


def receipt(deletion: Deletion) -> dict[str, object]:
    """What goes to the customer."""
    return {
        "receipt": deletion.receipt_id,
        "state": deletion.state.value,
        "requested_at": deletion.requested_at.isoformat(),
        "rows": dict(deletion.counts),
    }
