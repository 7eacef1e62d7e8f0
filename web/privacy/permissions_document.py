"""Build the content of the permissions page as data, from the constants and tables that the program uses.

The page renders this document and /permissions.json returns it, so both always agree.
"""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from shared.arm.catalogue import COLLECTED
from shared.arm.endpoints import ARM_SCOPE, ENDPOINTS, Endpoint
from shared.arm.kql.readable import READABLE, TYPE, ReadableTable
from shared.arm.metric_catalogue import METRICS, MetricGroup
from shared.core.checks import users_of
from shared.core.cost_query import COST_TYPES, DIMENSIONS, GRANULARITIES, MAX_GROUPINGS
from shared.core.periods import (
    AUDIT_MONTHS,
    BACKUP_RETENTION_DAYS,
    COST_MONTHS,
    RETENTION_MONTHS,
    RETENTION_NOTICE_DAYS,
    REVIEW_WINDOW_HOURS,
)
from shared.core.settings import Settings
from shared.identity.entra import READING_SCOPES, SIGN_IN_SCOPES
from shared.identity.sessions import SESSION_HOURS
from web.privacy import permissions_text as text
from web.rendering.pages import CONTACT


class Part(BaseModel):
    """An immutable part of the document."""

    model_config = ConfigDict(frozen=True)


class Statement(Part):
    """A heading and its text."""

    title: str
    text: str


class App(Part):
    """The app registration and its publisher."""

    name: str = Field(description="The name of the app registration in your tenant.")
    application_id: str = Field(description="The application (client) ID.")
    publisher: str
    contact: str = Field(description="Email address for questions and deletion requests.")


class Permission(Part):
    """The one permission that the app requests."""

    scope: str
    type: Literal["Delegated"] = "Delegated"
    covers: str
    sign_in_scopes: tuple[str, ...] = Field(description="Also requested, only to sign the user in.")
    reading_scopes: tuple[str, ...] = Field(description="All that is requested to sign in and read a review.")
    application_permissions: tuple[str, ...] = Field(default=(), description="Permissions to act without a user. None.")


class DataKind(Part):
    """A kind of data that the app reads."""

    title: str
    reads: str
    when: Literal["In each scan", "On demand"]
    calls: tuple[str, ...] = Field(description="Names of the API calls that read it.")


class AllowedCall(Part):
    """One call to Azure Resource Manager. Any call that is not listed is refused before it is sent."""

    name: str
    method: Literal["GET", "POST"] = Field(description="POST calls are queries: the query is in the body.")
    path: str = Field(description="{subscription_id} stands for one of the customer's subscriptions.")
    api_version: str
    purpose: str
    role: str = Field(description="The Azure role that the signed-in user needs.")
    when: Literal["In each scan", "On demand"]
    documentation: str


class PropertyUse(Part):
    """Why one property of a resource is read."""

    expression: str
    checks: tuple[str, ...] = Field(description="Titles of the checks that use it, as /checks lists them.")


class PropertyList(Part):
    """The properties that are read for one kind of row, in addition to the columns."""

    rows: str = Field(description="A resource type or a recommendation category.")
    expressions: tuple[str, ...] = Field(description="Resource Graph expressions; no other property is read.")
    uses: tuple[PropertyUse, ...] = Field(description="What each is read for; empty for recommendations.")


class Table(Part):
    """A Resource Graph table that scans or reviewers' queries can read."""

    name: str
    columns: tuple[str, ...]
    only_rows: str | None = Field(description="Filter that every query must start with, or null.")
    properties: tuple[PropertyList, ...]


class CostQueries(Part):
    """Options of a reviewer's Cost Management query."""

    types: tuple[str, ...]
    granularities: tuple[str, ...]
    dimensions: tuple[str, ...]
    max_groupings: int


class Metrics(Part):
    """The metrics that reviewers can fetch for one resource type."""

    resource_type: str
    names: tuple[str, ...]


class Periods(Part):
    """Time limits and retention periods."""

    cost_months: int = Field(description="Complete calendar months of costs that a scan reads.")
    retention_months: int = Field(
        description="Months that scan data is kept after the organisation's most recent scan that read data."
    )
    notice_days: int = Field(description="Days between the notification email and the deletion.")
    backup_days: int = Field(description="Days until backups that contain deleted data expire.")
    audit_months: int = Field(description="Minimum months that an activity log entry is kept.")
    review_window_hours: int = Field(description="Hours after a scan in which a reviewer can read more data.")
    session_hours: int = Field(description="Absolute lifetime of the session cookie in hours.")


class PreApproval(Part):
    """How an administrator approves the app for the whole tenant."""

    address: str
    roles: tuple[str, ...] = Field(description="Any one of these roles can approve.")


class PermissionsDocument(Part):
    """What Caleta Cost Review requests, reads, stores and never accesses."""

    version: Literal[1] = Field(default=1, description="Increases when a member is removed or changes its meaning.")
    app: App
    permission: Permission
    reads: tuple[DataKind, ...]
    calls: tuple[AllowedCall, ...] = Field(description="The complete allow-list.")
    tables: tuple[Table, ...] = Field(description="Everything that a Resource Graph query can name.")
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
    """Return the document of this deployment."""
    return PermissionsDocument(
        app=App(name=text.APP, application_id=settings.client_id, publisher=text.PUBLISHER, contact=CONTACT),
        permission=Permission(
            scope=ARM_SCOPE, covers=text.COVERS, sign_in_scopes=SIGN_IN_SCOPES, reading_scopes=READING_SCOPES
        ),
        reads=_data_kinds(),
        calls=tuple(_call(endpoint) for endpoint in ENDPOINTS),
        tables=tuple(_table(table) for table in READABLE),
        cost_queries=CostQueries(
            types=tuple(COST_TYPES),
            granularities=tuple(GRANULARITIES),
            dimensions=tuple(DIMENSIONS),
            max_groupings=MAX_GROUPINGS,
        ),
        metrics=tuple(
            Metrics(resource_type=kind, names=tuple(one.name for one in metrics)) for kind, metrics in METRICS.items()
        ),
        never_read=text.NEVER_READ,
        region=text.DATA_REGION,
        stores=tuple(Statement(title=title, text=text) for title, text in text.STORES),
        periods=_periods(),
        limits=tuple(Statement(title=title, text=text) for title, text in text.LIMITS),
        revoke=text.REVOKE,
        after_revoking=text.AFTER_REVOKING,
        pre_approval=PreApproval(address=f"{settings.base_url}/consent/admin", roles=text.APPROVERS),
    )


def _when(endpoint: Endpoint) -> Literal["In each scan", "On demand"]:
    return "On demand" if endpoint.on_demand else "In each scan"


def _data_kinds() -> tuple[DataKind, ...]:
    """Return what a scan collects, and the metrics that reviewers fetch on demand."""
    collected = tuple(
        DataKind(title=kind.title, reads=kind.reads, when=_when(kind.endpoint), calls=(kind.endpoint.name,))
        for kind in COLLECTED
    )
    on_demand = tuple(endpoint.name for endpoint in ENDPOINTS if endpoint.on_demand)
    groups = ", ".join(group if group.isupper() else group.lower() for group in MetricGroup)
    metrics = text.METRICS.format(groups=groups)
    return (*collected, DataKind(title="Azure Monitor metrics", reads=metrics, when="On demand", calls=on_demand))


def _call(endpoint: Endpoint) -> AllowedCall:
    return AllowedCall(
        name=endpoint.name,
        method="GET" if endpoint.method == "GET" else "POST",
        path=endpoint.path,
        api_version=endpoint.api_version,
        purpose=endpoint.purpose,
        role=endpoint.role,
        when=_when(endpoint),
        documentation=endpoint.documentation,
    )


def _table(table: ReadableTable) -> Table:
    lists = tuple(
        PropertyList(rows=kind, expressions=tuple(listed.values()), uses=_uses(table, kind))
        for kind, listed in table.properties.items()
    )
    kinds = " or ".join(f"'{kind}'" for kind in table.properties)
    only = f"{table.kind_of_row.written} =~ {kinds}" if table.restricted else None
    return Table(name=table.name, columns=table.columns, only_rows=only, properties=lists)


def _uses(table: ReadableTable, kind: str) -> tuple[PropertyUse, ...]:
    """Return the checks of each property of a resource type; recommendations are shown as they are."""
    listed = table.properties[kind] if table.kind_of_row == TYPE else {}
    return tuple(PropertyUse(expression=written, checks=users_of(kind, name)) for name, written in listed.items())


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
