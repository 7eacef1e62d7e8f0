"""Every place where data is kept: what, why, how long, and who reaches it.

docs/data-stores.md, the permissions page and the pages about deletion derive from this table. Tests compare it with
the database's schema, the tables of Table storage and the queues, and search all of them after a deletion.
"""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from shared.core.limits import LIMITS
from shared.core.periods import (
    API_TOKEN_DAYS,
    AUDIT_MONTHS,
    BACKUP_RETENTION_DAYS,
    DELETION_LOG_DAYS,
    EXPORT_HOURS,
    FLOW_MINUTES,
    LOG_RETENTION_DAYS,
    MAIL_CONFIRMATION_HOURS,
    QUEUED_MESSAGE_DAYS,
    RETENTION_MONTHS,
    SESSION_HOURS,
)


class StoreKind(StrEnum):
    """The kind of store."""

    SQL = "Azure SQL table"
    TABLES = "Table storage"
    BLOBS = "Blob storage"
    QUEUES = "Service Bus queues"
    AZURE = "Azure service"


@dataclass(frozen=True)
class Store:
    """One or more stores of one kind of data; `names` are tables or queues, none for all queues.

    `after_deletion` says what of a customer stays after “Delete everything”, and for how long; empty: nothing.
    """

    kind: StoreKind
    names: tuple[str, ...]
    what: str
    why: str
    how_long: str
    who: str
    after_deletion: str = ""


OUR_REVIEWERS = "the user; our reviewers, on record"
APP = "the app"
ENGINEERS = "the app; our engineers on call"
SCAN_PERIOD = f"{RETENTION_MONTHS} months after the organisation's most recent scan that read data"
COUNTED_HOURS = int(max(limit.period for limit in LIMITS) / timedelta(hours=1))
"""The longest limit; the state of an Azure quota is kept for less."""

MESSAGE_DAYS = 2 * QUEUED_MESSAGE_DAYS
"""In its queue, and then among the dead letters."""

AUDIT_PERIOD = f"{AUDIT_MONTHS} months after each entry, or longer while the organisation has a scan here"

COLLECTED = (
    *("costs", "amortized_costs", "cost_resources", "cost_charges"),
    *("inventory", "advisor", "reservations", "savings_plans", "raw_pages"),
    *("cost_totals", "charge_totals"),
)
PROGRESS = ("scans", "steps", "subscriptions", "reviews", "operator_jobs", "job_pages")
ON_DEMAND = ("adhoc_results", "metric_series")
FINDINGS = (
    *(
        "findings",
        "finding_resources",
        "finding_savings",
        "finding_versions",
        "finding_proposals",
        "finding_states",
        "finding_ledger",
    ),
)

STORES = (
    Store(StoreKind.SQL, COLLECTED, "Azure's responses and sums of them", "the report", SCAN_PERIOD, OUR_REVIEWERS),
    Store(StoreKind.SQL, PROGRESS, "Scans, their steps and reviews", "running the scan", SCAN_PERIOD, OUR_REVIEWERS),
    Store(StoreKind.SQL, ON_DEMAND, "What reviewers read on demand", "the review", SCAN_PERIOD, OUR_REVIEWERS),
    Store(
        StoreKind.SQL,
        FINDINGS,
        "Findings, decisions, savings ledger",
        "the review",
        SCAN_PERIOD,
        OUR_REVIEWERS,
    ),
    Store(
        StoreKind.SQL,
        ("connections",),
        "Sign-in name, consent, encrypted refresh token",
        "reading with the user's permission",
        SCAN_PERIOD,
        APP,
    ),
    Store(
        StoreKind.SQL,
        ("outbox",),
        "Recipients of emails, without their text",
        "sending each email once",
        SCAN_PERIOD,
        APP,
        "Your email address, until the confirmation is sent: usually a few minutes, at most a few hours.",
    ),
    Store(
        StoreKind.SQL,
        ("dead_letters",),
        "Messages that failed: identifiers",
        "repairing a scan",
        f"{RETENTION_MONTHS} months",
        ENGINEERS,
    ),
    Store(
        StoreKind.SQL,
        ("audit_events", "audit_cutoffs"),
        "Who did what, when and why",
        "accountability",
        AUDIT_PERIOD,
        OUR_REVIEWERS,
        f"The activity log (who did what and when): {AUDIT_PERIOD}.",
    ),
    Store(
        StoreKind.SQL,
        ("purges",),
        "Identifiers of what is being deleted",
        "finishing a deletion",
        "until its last record is deleted",
        APP,
    ),
    Store(
        StoreKind.SQL,
        ("deletion_ledger", "purge_runs", "purge_run_results"),
        "Counts and dates of deletions, by pseudonyms",
        "proof of deletion",
        "without limit: it names no one",
        OUR_REVIEWERS,
        "The receipt: its number, the time, and the number of records deleted. It contains no names or identifiers.",
    ),
    Store(
        StoreKind.TABLES,
        ("flows",),
        "Sign-ins in progress, and an email address that waits for its confirmation, encrypted",
        "signing in, confirming the address",
        f"a sign-in {FLOW_MINUTES} minutes, an address {MAIL_CONFIRMATION_HOURS} hours, cleared each night; "
        "an address is deleted at once with all data",
        APP,
    ),
    Store(
        StoreKind.TABLES,
        ("sessions",),
        "Sessions with the sign-in name, under a hash of the cookie",
        "staying signed in",
        f"{SESSION_HOURS} hours, cleared each night; deleted at once with all data",
        APP,
    ),
    Store(
        StoreKind.TABLES,
        ("quotas", "limits"),
        "How much of a quota or limit is used, under a hash of the user, customer or address",
        "pacing and limits",
        f"{COUNTED_HOURS} hours at most, cleared each night",
        APP,
        f"Counters of used limits and of your Azure quota: {COUNTED_HOURS} hours at most, then cleared that night.",
    ),
    Store(
        StoreKind.TABLES,
        ("purges",),
        "Identifiers of what was deleted",
        "deleting it again if a backup is restored",
        f"{DELETION_LOG_DAYS} days",
        APP,
        f"The identifiers of your organisation, user and scans, for {DELETION_LOG_DAYS} days: with them we delete the "
        "data again if a backup is restored.",
    ),
    Store(
        StoreKind.TABLES,
        ("apitokens",),
        "API tokens under a hash, with the user's sign-in name and the name of the token",
        "letting the user's programs read",
        f"as long as the user chose, {API_TOKEN_DAYS} days at most, cleared each night; deleted at once with all data",
        APP,
    ),
    Store(
        StoreKind.TABLES,
        ("exports",),
        "Files being built: the user's sign-in name, the scan, the progress",
        "showing progress and downloads",
        f"{EXPORT_HOURS} hours; deleted at once with any deletion",
        APP,
    ),
    Store(
        StoreKind.BLOBS,
        ("exports",),
        "Files that users had built: reports, cost rows, all stored data",
        "downloading them",
        f"{EXPORT_HOURS} hours; deleted at once with any deletion",
        "the user, on record",
    ),
    Store(
        StoreKind.QUEUES,
        (),
        "Messages of identifiers",
        "running scans, emails and deletions",
        f"until they are processed, {MESSAGE_DAYS} days at most; one that cannot be processed, until an engineer "
        "has looked at it",
        ENGINEERS,
        "Messages with identifiers of deleted scans, until they are processed without effect: "
        f"{MESSAGE_DAYS} days at most. One that cannot be processed stays until an engineer has looked at it.",
    ),
    Store(
        StoreKind.AZURE,
        ("Log Analytics",),
        "Log lines, traces and metrics: identifiers of organisations, users, scans; no names, addresses or figures",
        "finding faults",
        f"{LOG_RETENTION_DAYS} days",
        "our engineers on call",
        f"Log lines with the identifiers of your organisation, user and scans, without names or figures: "
        f"{LOG_RETENTION_DAYS} days.",
    ),
    Store(
        StoreKind.AZURE,
        ("Database files",),
        "What is left of deleted rows in pages and logs, encrypted; no query returns it",
        "how SQL Server deletes: Azure SQL Database offers no command that overwrites it at once",
        "until the database uses the space again",
        "Azure",
        "Encrypted remains of deleted rows in the database files, which no query returns, until the space is reused.",
    ),
    Store(
        StoreKind.AZURE,
        ("Database backups",),
        "The database as it was",
        "recovery",
        f"{BACKUP_RETENTION_DAYS} days",
        "our engineers, to restore",
        f"Database backups: {BACKUP_RETENTION_DAYS} days. If we have to restore one, we delete the data again.",
    ),
)
"""Emails are not kept by us: they are sent without a copy in the mailbox (shared/mail/graph.py)."""

KEPT_AFTER_DELETION = tuple(store.after_deletion for store in STORES if store.after_deletion)
"""Sentences for the pages about deletion."""


def names_in(kind: StoreKind) -> list[str]:
    """Return the names of all stores of a kind."""
    return [name for store in STORES if store.kind is kind for name in store.names]


def keeps_after_deletion(kind: StoreKind) -> frozenset[str]:
    """Return the names of the stores that keep something of a customer after “Delete everything”."""
    return frozenset(name for store in STORES if store.kind is kind and store.after_deletion for name in store.names)
