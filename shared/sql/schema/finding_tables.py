"""The tables of the findings: what rules and reviewers wrote, and what customers decided."""

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    Index,
    Integer,
    String,
    Table,
    Unicode,
    UnicodeText,
    UniqueConstraint,
    false,
)

from shared.sql.engine.types import Money, UtcDateTime
from shared.sql.schema.metadata import IDENTIFIER, RESOURCE_ID, metadata, tenant_id_column

FINDING_KEY = Unicode(120)

subscriptions = Table(
    "subscriptions",
    metadata,
    Column("tenant_id", IDENTIFIER, primary_key=True),
    Column("scan_id", IDENTIFIER, primary_key=True),
    Column("subscription_id", IDENTIFIER, primary_key=True),
    Column("state", Unicode(40), nullable=False),
    Column("quota_id", Unicode(120)),
)
"""What a scan learned of its subscriptions. The quota id tells a dev/test offer."""

findings = Table(
    "findings",
    metadata,
    Column("finding_id", IDENTIFIER, primary_key=True),
    tenant_id_column(),
    Column("scan_id", IDENTIFIER, nullable=False),
    Column("finding_key", FINDING_KEY, nullable=False),
    Column("status", String(20), nullable=False),
    Column("title", Unicode(300), nullable=False),
    Column("text", UnicodeText, nullable=False),
    Column("measure", String(20), nullable=False),
    Column("confidence", String(20), nullable=False),
    Column("effort", String(20), nullable=False),
    Column("owner", Unicode(320)),
    Column("version", Integer, nullable=False),
    Column("is_edited", Boolean, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("updated_at", UtcDateTime, nullable=False),
    Column("updated_by", Unicode(320)),
    Column("published_at", UtcDateTime),
    Column("saving_from", String(20), nullable=False, server_default="resources"),
    Column("evidence_json", UnicodeText),
    Column("carried_from", IDENTIFIER),
    Column("to_check", Unicode(600)),
    Column("carried_text", UnicodeText),
    UniqueConstraint("tenant_id", "scan_id", "finding_key"),
)
"""`evidence_json` is of the finding as a whole, written like a resource's."""

finding_resources = Table(
    "finding_resources",
    metadata,
    Column("finding_id", IDENTIFIER, primary_key=True),
    Column("position", Integer, primary_key=True, autoincrement=False),
    tenant_id_column(),
    Column("scan_id", IDENTIFIER, nullable=False),
    Column("resource_id", RESOURCE_ID, nullable=False),
    Column("resource_name", Unicode(260), nullable=False),
    Column("resource_type", Unicode(200), nullable=False),
    Column("sub_account_id", IDENTIFIER, nullable=False),
    Column("resource_group", Unicode(90)),
    Column("region_id", Unicode(90)),
    Column("evidence_json", UnicodeText, nullable=False),
    Column("note", Unicode(600)),
    Column("is_excluded", Boolean, nullable=False, server_default=false()),
    Column("owner_tag", Unicode(256)),
    Index("ix_finding_resources_tenant_id_scan_id", "tenant_id", "scan_id"),
)
"""`position` counts from one; `evidence_json` is [[label, value, source], …], without a source for a rule's own.

A resource that a reviewer left out keeps its row: it still exists, and must not count as deleted.
"""

finding_savings = Table(
    "finding_savings",
    metadata,
    Column("finding_id", IDENTIFIER, primary_key=True),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("currency", String(3), primary_key=True),
    tenant_id_column(),
    Column("scan_id", IDENTIFIER, nullable=False),
    Column("monthly", Money, nullable=False),
    Column("basis", String(20), nullable=False),
    Column("yearly", Money),
    Index("ix_finding_savings_tenant_id_scan_id", "tenant_id", "scan_id"),
)
"""What a month saves, by resource and currency; position 0 is the finding as a whole. `yearly` NULL: twelve months."""

finding_versions = Table(
    "finding_versions",
    metadata,
    Column("finding_id", IDENTIFIER, primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    tenant_id_column(),
    Column("scan_id", IDENTIFIER, nullable=False),
    Column("status", String(20), nullable=False),
    Column("title", Unicode(300), nullable=False),
    Column("text", UnicodeText, nullable=False),
    Column("confidence", String(20), nullable=False),
    Column("effort", String(20), nullable=False),
    Column("owner", Unicode(320)),
    Column("savings_json", UnicodeText, nullable=False),
    Column("changed_at", UtcDateTime, nullable=False),
    Column("changed_by", Unicode(320)),
    Column("change", Unicode(600)),
    Index("ix_finding_versions_tenant_id_scan_id", "tenant_id", "scan_id"),
)
"""Each version as it was after the change; `changed_by` NULL: a rule. `savings_json` is {currency: monthly}.

`change` says what was done where it is not seen in these columns: resources, evidence, figures.
"""

finding_proposals = Table(
    "finding_proposals",
    metadata,
    Column("finding_id", IDENTIFIER, primary_key=True),
    tenant_id_column(),
    Column("scan_id", IDENTIFIER, nullable=False),
    Column("proposed_at", UtcDateTime, nullable=False),
    Column("title", Unicode(300), nullable=False),
    Column("text", UnicodeText, nullable=False),
    Column("resources_json", UnicodeText, nullable=False),
    Column("evidence_json", UnicodeText, nullable=False),
    Index("ix_finding_proposals_tenant_id_scan_id", "tenant_id", "scan_id"),
)
"""What drafting again would make of a finding that a reviewer has touched: shown beside it until they choose."""

finding_states = Table(
    "finding_states",
    metadata,
    Column("tenant_id", IDENTIFIER, primary_key=True),
    Column("user_object_id", IDENTIFIER, primary_key=True),
    Column("finding_key", FINDING_KEY, primary_key=True),
    Column("scan_id", IDENTIFIER, nullable=False),
    Column("decision", String(20), nullable=False),
    Column("reason", Unicode(1000)),
    Column("decided_at", UtcDateTime, nullable=False),
    Column("decided_by", Unicode(320), nullable=False),
    Column("version", Integer, nullable=False),
    Column("resources_json", UnicodeText),
    Column("owner", Unicode(320)),
    Column("due_on", Date),
    Column("note", Unicode(1000)),
    Column("previous_json", UnicodeText),
)
"""The organisation's decision about a finding of this name, in whichever scan it is met; `scan_id` is where it was
made, `user_object_id` who made it.

`resources_json` is {resource id: decision}: what joins the finding later is new to the customer.
"""

finding_ledger = Table(
    "finding_ledger",
    metadata,
    Column("ledger_id", IDENTIFIER, primary_key=True),
    tenant_id_column(),
    Column("finding_key", FINDING_KEY, nullable=False),
    Column("resource_key", String(64), nullable=False),
    Column("title", Unicode(300), nullable=False),
    Column("measure", String(20), nullable=False),
    Column("resource_id", RESOURCE_ID, nullable=False),
    Column("resource_name", Unicode(260), nullable=False),
    Column("resource_type", Unicode(200), nullable=False),
    Column("sub_account_id", IDENTIFIER, nullable=False),
    Column("resource_group", Unicode(90)),
    Column("first_scan_id", IDENTIFIER, nullable=False),
    Column("first_reported_at", UtcDateTime, nullable=False),
    Column("scan_id", IDENTIFIER, nullable=False),
    Column("observed_at", UtcDateTime, nullable=False),
    Column("fate", String(30), nullable=False),
    Column("fate_since", UtcDateTime, nullable=False),
    Column("first_month", Date, nullable=False),
    Column("open_until", Date, nullable=False),
    Column("estimated_json", UnicodeText, nullable=False),
    Column("last_estimated_json", UnicodeText, nullable=False),
    Column("returned_at", UtcDateTime),
    Column("moved_from", RESOURCE_ID),
    Column("months_json", UnicodeText, nullable=False),
    Column("realized_json", UnicodeText, nullable=False),
    Column("billed_since_json", UnicodeText, nullable=False),
    UniqueConstraint("tenant_id", "finding_key", "resource_key"),
)
"""One resource of a published finding over all reviews of the organisation: a LedgerEntry of
shared.core.savings_ledger.

`resource_key` is the SHA-256 of the resource's id and name: an id alone is too long for an index. `realized_json` and
`billed_since_json` are sums of `months_json`, so that a page need not read the months.
"""

FINDING_TABLES = (
    finding_savings,
    finding_resources,
    finding_versions,
    finding_proposals,
    findings,
    finding_states,
    finding_ledger,
    subscriptions,
)
"""Children first."""
