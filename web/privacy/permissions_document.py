"""What the permissions page says, as data: made of the constants and tables that the program runs on.

The page shows it to people and /permissions.json gives it to programs; neither says anything else.
"""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from shared.arm.catalogue import COLLECTED
from shared.arm.endpoints import ARM_SCOPE, ENDPOINTS, Endpoint
from shared.arm.kql.readable import READABLE, ReadableTable
from shared.arm.metric_catalogue import METRICS, MetricGroup
from shared.core.cost_query import COST_TYPES, DIMENSIONS, GRANULARITIES, MOST_GROUPINGS
from shared.core.periods import (
    AUDIT_MONTHS,
    BACKUP_RETENTION_DAYS,
    COST_MONTHS,
    RETENTION_MONTHS,
    RETENTION_NOTICE_DAYS,
    REVIEW_WINDOW_HOURS,
)
from shared.core.settings import Settings
from shared.identity.entra import SIGN_IN_SCOPES
from shared.identity.sessions import SESSION_HOURS
from web.privacy import permissions_text as words
from web.rendering.pages import CONTACT


class Part(BaseModel):
    """A part of the document, which never changes once it is made."""

    model_config = ConfigDict(frozen=True)


class Statement(Part):
    """A heading, and what it stands for in sentences."""

    title: str
    text: str


class App(Part):
    """Who asks."""

    name: str = Field(description="The name of the app registration in your tenant.")
    application_id: str = Field(description="Its application (client) id.")
    publisher: str
    contact: str = Field(description="Who answers questions and deletes on request.")


class Permission(Part):
    """The one permission."""

    scope: str
    type: Literal["Delegated"] = "Delegated"
    covers: str
    sign_in_scopes: tuple[str, ...] = Field(description="Asked for as well, only to sign the user in.")
    application_permissions: tuple[str, ...] = Field(default=(), description="Permissions to act without a user: none.")


class Reading(Part):
    """A kind of data that is read."""

    title: str
    reads: str
    when: Literal["In each scan", "On demand"]
    calls: tuple[str, ...] = Field(description="Names of the calls that read it.")


class Call(Part):
    """One call to Azure Resource Manager. What is not among these cannot be sent."""

    name: str
    method: Literal["GET", "POST"] = Field(description="The POSTs are queries: the question is in the body.")
    path: str = Field(description="{subscription_id} stands for a subscription of the customer's.")
    api_version: str
    why: str
    role: str = Field(description="The Azure role of the signed-in user that allows it.")
    when: Literal["In each scan", "On demand"]
    documentation: str


class PropertyList(Part):
    """The properties that are read of one kind of rows, besides the columns."""

    rows: str = Field(description="Which rows: a resource type, or a category of recommendations.")
    expressions: tuple[str, ...] = Field(description="Resource Graph expressions; each is read as a whole, no more.")


class Table(Part):
    """A table of Resource Graph that is read, by the scan or by a reviewer's query."""

    name: str
    columns: tuple[str, ...]
    only_rows: str | None = Field(description="A condition that every query has to begin with; null: none.")
    properties: tuple[PropertyList, ...]


class CostQueries(Part):
    """What a reviewer's question to Cost Management is made of."""

    types: tuple[str, ...]
    granularities: tuple[str, ...]
    dimensions: tuple[str, ...]
    most_groupings: int


class Metrics(Part):
    """The metrics that can be fetched of one resource type."""

    resource_type: str
    names: tuple[str, ...]


class Periods(Part):
    """Times that the program keeps."""

    cost_months: int = Field(description="Complete calendar months of cost that a scan reads.")
    retention_months: int = Field(description="How long scan data is kept after the most recent scan.")
    notice_days: int = Field(description="How long before the deletion there is a mail about it.")
    backup_days: int = Field(description="When backups that still hold deleted data are gone.")
    audit_months: int = Field(description="How long an entry of the activity log is kept at least.")
    review_window_hours: int = Field(description="How long after a scan a reviewer may read more.")
    session_hours: int = Field(description="The absolute life of the session cookie.")


class PreApproval(Part):
    """How an administrator approves the app for a whole tenant."""

    address: str
    roles: tuple[str, ...] = Field(description="Any one of these may approve.")


class PermissionsDocument(Part):
    """What Caleta Cost Review asks for, reads, stores and never touches."""

    version: Literal[1] = Field(default=1, description="Grows when a member changes its meaning or goes away.")
    app: App
    permission: Permission
    reads: tuple[Reading, ...]
    calls: tuple[Call, ...] = Field(description="The whole allow-list.")
    tables: tuple[Table, ...] = Field(description="All that a Resource Graph query may name.")
    cost_queries: CostQueries
    metrics: tuple[Metrics, ...]
    never_read: tuple[str, ...]
    region: str
    stores: tuple[Statement, ...]
    periods: Periods
    limits: tuple[Statement, ...]
    revoke: tuple[str, ...] = Field(description="Steps in the Entra portal.")
    after_revoking: str
    pre_approval: PreApproval


def document(settings: Settings) -> PermissionsDocument:
    """The document of this deployment."""
    return PermissionsDocument(
        app=App(name=words.APP, application_id=settings.client_id, publisher=words.PUBLISHER, contact=CONTACT),
        permission=Permission(scope=ARM_SCOPE, covers=words.COVERS, sign_in_scopes=SIGN_IN_SCOPES),
        reads=_readings(),
        calls=tuple(_call(endpoint) for endpoint in ENDPOINTS),
        tables=tuple(_table(table) for table in READABLE),
        cost_queries=CostQueries(
            types=tuple(COST_TYPES),
            granularities=tuple(GRANULARITIES),
            dimensions=tuple(DIMENSIONS),
            most_groupings=MOST_GROUPINGS,
        ),
        metrics=tuple(
            Metrics(resource_type=kind, names=tuple(one.name for one in listed)) for kind, listed in METRICS.items()
        ),
        never_read=words.NEVER_READ,
        region=words.DATA_REGION,
        stores=tuple(Statement(title=title, text=text) for title, text in words.STORES),
        periods=_periods(),
        limits=tuple(Statement(title=title, text=text) for title, text in words.LIMITS),
        revoke=words.REVOKE,
        after_revoking=words.AFTER_REVOKING,
        pre_approval=PreApproval(address=f"{settings.base_url}/consent/admin", roles=words.APPROVERS),
    )


def _when(endpoint: Endpoint) -> Literal["In each scan", "On demand"]:
    return "On demand" if endpoint.on_demand else "In each scan"


def _readings() -> tuple[Reading, ...]:
    """What a scan collects, and the metrics."""
    collected = tuple(
        Reading(title=kind.title, reads=kind.reads, when=_when(kind.endpoint), calls=(kind.endpoint.name,))
        for kind in COLLECTED
    )
    on_demand = tuple(endpoint.name for endpoint in ENDPOINTS if endpoint.on_demand)
    groups = ", ".join(group if group.isupper() else group.lower() for group in MetricGroup)
    metrics = words.METRICS.format(groups=groups)
    return (*collected, Reading(title="Azure Monitor metrics", reads=metrics, when="On demand", calls=on_demand))


def _call(endpoint: Endpoint) -> Call:
    return Call(
        name=endpoint.name,
        method="GET" if endpoint.method == "GET" else "POST",
        path=endpoint.path,
        api_version=endpoint.api_version,
        why=endpoint.purpose,
        role=endpoint.role,
        when=_when(endpoint),
        documentation=endpoint.documentation,
    )


def _table(table: ReadableTable) -> Table:
    lists = tuple(
        PropertyList(rows=kind, expressions=tuple(listed.values())) for kind, listed in table.properties.items()
    )
    kinds = " or ".join(f"'{kind}'" for kind in table.properties)
    only = f"{table.kind_of_row.written} =~ {kinds}" if table.restricted else None
    return Table(name=table.name, columns=table.columns, only_rows=only, properties=lists)


def _periods() -> Periods:
    return Periods(
        cost_months=COST_MONTHS,
        retention_months=RETENTION_MONTHS,
        notice_days=RETENTION_NOTICE_DAYS,
        backup_days=BACKUP_RETENTION_DAYS,
        audit_months=AUDIT_MONTHS,
        review_window_hours=REVIEW_WINDOW_HOURS,
        session_hours=SESSION_HOURS,
    )
