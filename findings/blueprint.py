"""The Service Bus trigger that drafts the findings of a finished scan."""

import azure.functions as func

from shared.messaging.queues import DRAFT_FINDINGS

SERVICE_BUS = "ServiceBus"
"""The prefix of the host's connection settings: `ServiceBus__fullyQualifiedNamespace`."""

bp = func.Blueprint()  # type: ignore[no-untyped-call]


@bp.service_bus_queue_trigger(
    arg_name="message",
    connection=SERVICE_BUS,
    queue_name=DRAFT_FINDINGS.name,
    data_type=func.DataType.BINARY,
    is_sessions_enabled=DRAFT_FINDINGS.requires_session,
)
def draft_findings(message: func.ServiceBusMessage) -> None:
    """Draft the findings of a finished scan. Imports happen at the first message to keep the cold start short."""
    from findings.draft import draft
    from shared.messaging.handler import handle

    handle(DRAFT_FINDINGS, message, draft)
