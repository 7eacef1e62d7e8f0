"""The repositories, each built at its first use over one database. Nothing else builds them.

Imports are local: a queue trigger's cold start loads the repositories that its work uses, and no others.
"""

from threading import RLock
from typing import TYPE_CHECKING

from shared.core.lazy import lazy

if TYPE_CHECKING:
    from shared.core.audit import Actor
    from shared.core.models import Scan, ScanKey
    from shared.core.pseudonyms import Pseudonyms
    from shared.sql.collected.adhoc_results import AdhocResults
    from shared.sql.collected.charge_totals import ChargeTotals
    from shared.sql.collected.commitments import Commitments
    from shared.sql.collected.cost_explorer import CostExplorer
    from shared.sql.collected.cost_rows import CostRows
    from shared.sql.collected.cost_totals import CostTotals
    from shared.sql.collected.evidence_rows import EvidenceRows
    from shared.sql.collected.inventory import InventoryPages
    from shared.sql.collected.metric_series import MetricSeriesStore
    from shared.sql.collected.recommendations import Recommendations
    from shared.sql.deletion.deletions import Deletions
    from shared.sql.deletion.holdings import Holdings
    from shared.sql.deletion.purge_runs import PurgeRuns
    from shared.sql.deletion.receipts import Receipts
    from shared.sql.deletion.retention_due import Due
    from shared.sql.deletion.retention_notices import RetentionNotices
    from shared.sql.engine.engine import Database
    from shared.sql.findings.decisions import FindingStates
    from shared.sql.findings.drafts import FindingDrafts
    from shared.sql.findings.edits import FindingEdits
    from shared.sql.findings.findings import Findings
    from shared.sql.findings.proposals import FindingProposals
    from shared.sql.findings.publication import FindingPublication
    from shared.sql.findings.savings_ledger import SavingsLedger
    from shared.sql.ledgers.audit import AuditLog
    from shared.sql.ledgers.outbox import Outbox
    from shared.sql.reviews.customers import Customers
    from shared.sql.reviews.due_reviews import DueReviews
    from shared.sql.reviews.operator_jobs import OperatorJobs
    from shared.sql.reviews.operators import KnownOperators
    from shared.sql.reviews.replays import Replays
    from shared.sql.reviews.repulls import Repulls
    from shared.sql.reviews.review_queue import ReviewQueue
    from shared.sql.reviews.reviews import Reviews
    from shared.sql.scans.connections import Connections
    from shared.sql.scans.dead_letters import DeadLetters
    from shared.sql.scans.pages import StoredPages
    from shared.sql.scans.scans import ScanMails, Scans
    from shared.sql.scans.steps import Steps
    from shared.sql.scans.subscriptions import Subscriptions


class Repositories:
    """All repositories over `database` and `pseudonyms`, which a subclass provides."""

    def __init__(self) -> None:
        self.lock = RLock()

    @lazy
    def database(self) -> "Database":
        raise NotImplementedError

    @lazy
    def pseudonyms(self) -> "Pseudonyms":
        raise NotImplementedError

    @lazy
    def adhoc_results(self) -> "AdhocResults":
        from shared.sql.collected.adhoc_results import AdhocResults

        return AdhocResults(self.database)

    @lazy
    def stored_pages(self) -> "StoredPages":
        from shared.sql.scans.pages import StoredPages

        return StoredPages(self.database)

    @lazy
    def audit_log(self) -> "AuditLog":
        from shared.sql.ledgers.audit import AuditLog

        return AuditLog(self.database)

    @lazy
    def charge_totals(self) -> "ChargeTotals":
        from shared.sql.collected.charge_totals import ChargeTotals

        return ChargeTotals(self.database)

    @lazy
    def commitments(self) -> "Commitments":
        from shared.sql.collected.commitments import Commitments

        return Commitments(self.database)

    @lazy
    def connections(self) -> "Connections":
        from shared.sql.scans.connections import Connections

        return Connections(self.database)

    @lazy
    def cost_explorer(self) -> "CostExplorer":
        from shared.sql.collected.cost_explorer import CostExplorer

        return CostExplorer(self.database)

    @lazy
    def cost_rows(self) -> "CostRows":
        from shared.sql.collected.cost_rows import CostRows

        return CostRows(self.database)

    @lazy
    def cost_totals(self) -> "CostTotals":
        from shared.sql.collected.cost_totals import CostTotals

        return CostTotals(self.database)

    @lazy
    def customers(self) -> "Customers":
        from shared.sql.reviews.customers import Customers

        return Customers(self.database)

    @lazy
    def dead_letters(self) -> "DeadLetters":
        from shared.sql.scans.dead_letters import DeadLetters

        return DeadLetters(self.database)

    @lazy
    def deletions(self) -> "Deletions":
        from shared.sql.deletion.deletions import Deletions

        return Deletions(self.database, self.pseudonyms)

    @lazy
    def receipts(self) -> "Receipts":
        from shared.sql.deletion.receipts import Receipts

        return Receipts(self.database, self.pseudonyms)

    @lazy
    def due_reviews(self) -> "DueReviews":
        from shared.sql.reviews.due_reviews import DueReviews

        return DueReviews(self.database)

    @lazy
    def finding_drafts(self) -> "FindingDrafts":
        from shared.sql.findings.drafts import FindingDrafts

        return FindingDrafts(self.database)

    @lazy
    def finding_proposals(self) -> "FindingProposals":
        from shared.sql.findings.proposals import FindingProposals

        return FindingProposals(self.database)

    @lazy
    def findings(self) -> "Findings":
        from shared.sql.findings.findings import Findings

        return Findings(self.database)

    @lazy
    def holdings(self) -> "Holdings":
        from shared.sql.deletion.holdings import Holdings

        return Holdings(self.database)

    @lazy
    def inventory_pages(self) -> "InventoryPages":
        from shared.sql.collected.inventory import InventoryPages

        return InventoryPages(self.database)

    @lazy
    def known_operators(self) -> "KnownOperators":
        from shared.sql.reviews.operators import KnownOperators

        return KnownOperators(self.database)

    @lazy
    def metric_series(self) -> "MetricSeriesStore":
        from shared.sql.collected.metric_series import MetricSeriesStore

        return MetricSeriesStore(self.database)

    @lazy
    def operator_jobs(self) -> "OperatorJobs":
        from shared.sql.reviews.operator_jobs import OperatorJobs

        return OperatorJobs(self.database)

    @lazy
    def mail_outbox(self) -> "Outbox":
        from shared.sql.ledgers.outbox import Outbox

        return Outbox(self.database)

    @lazy
    def purge_runs(self) -> "PurgeRuns":
        from shared.sql.deletion.purge_runs import PurgeRuns

        return PurgeRuns(self.database)

    @lazy
    def recommendations(self) -> "Recommendations":
        from shared.sql.collected.recommendations import Recommendations

        return Recommendations(self.database)

    @lazy
    def replays(self) -> "Replays":
        from shared.sql.reviews.replays import Replays

        return Replays(self.database)

    @lazy
    def repulls(self) -> "Repulls":
        from shared.sql.reviews.repulls import Repulls

        return Repulls(self.database)

    @lazy
    def retention_due(self) -> "Due":
        from shared.sql.deletion.retention_due import Due

        return Due(self.database)

    @lazy
    def retention_notices(self) -> "RetentionNotices":
        from shared.sql.deletion.retention_notices import RetentionNotices

        return RetentionNotices(self.database)

    @lazy
    def review_queue(self) -> "ReviewQueue":
        from shared.sql.reviews.review_queue import ReviewQueue

        return ReviewQueue(self.database)

    @lazy
    def reviews(self) -> "Reviews":
        from shared.sql.reviews.reviews import Reviews

        return Reviews(self.database)

    @lazy
    def scan_mails(self) -> "ScanMails":
        from shared.sql.scans.scans import ScanMails

        return ScanMails(self.database)

    @lazy
    def scans(self) -> "Scans":
        from shared.sql.scans.scans import Scans

        return Scans(self.database)

    @lazy
    def steps(self) -> "Steps":
        from shared.sql.scans.steps import Steps

        return Steps(self.database)

    @lazy
    def subscriptions(self) -> "Subscriptions":
        from shared.sql.scans.subscriptions import Subscriptions

        return Subscriptions(self.database)

    def finding_publication(self, scan: "Scan", actor: "Actor") -> "FindingPublication":
        """Publication of one scan's findings, on record under this operator."""
        from shared.sql.findings.publication import FindingPublication

        return FindingPublication(self.database, scan, actor)

    def finding_edits(self, scan: "Scan", actor: "Actor") -> "FindingEdits":
        """Changes to one scan's findings, on record under this operator."""
        from shared.sql.findings.edits import FindingEdits

        return FindingEdits(self.database, scan, actor)

    def finding_states(self, tenant_id: str, user_object_id: str) -> "FindingStates":
        """One user's decisions."""
        from shared.sql.findings.decisions import FindingStates

        return FindingStates(self.database, tenant_id, user_object_id)

    def savings_ledger(self, tenant_id: str) -> "SavingsLedger":
        """One organisation's savings ledger."""
        from shared.sql.findings.savings_ledger import SavingsLedger

        return SavingsLedger(self.database, tenant_id)

    def evidence_rows(self, scan_key: "ScanKey") -> "EvidenceRows":
        """The rows of one scan that findings cite."""
        from shared.sql.collected.evidence_rows import EvidenceRows

        return EvidenceRows(self.database, scan_key)
