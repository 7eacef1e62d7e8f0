"""Texts of the permissions page and /permissions.json, with the figures that the program uses."""

from shared.arm.quota_state import QUOTAS_KEPT_MINUTES
from shared.core.periods import (
    AUDIT_MONTHS,
    BACKUP_RETENTION_DAYS,
    COST_MONTHS,
    MAX_TOKEN_MINUTES,
    RETENTION_MONTHS,
    RETENTION_NOTICE_DAYS,
    REVIEW_WINDOW_HOURS,
)
from shared.core.stores import KEPT_AFTER_DELETION
from shared.identity.sessions import IDLE_MINUTES, SESSION_HOURS
from web.rendering.pages import COMPANY, CONTACT

APP = "Caleta Cost Review"
PUBLISHER = f"{COMPANY} (registered in England, MPN ID 6315717)"
DATA_REGION = "UK South"

COVERS = (
    "Azure Resource Manager APIs (Cost Management, Resource Graph, Advisor, Azure Monitor metrics), acting as the "
    "signed-in user and never beyond their existing Azure RBAC."
)
METRICS = (
    f"On demand only, by one of our reviewers, within {REVIEW_WINDOW_HOURS} hours after a scan: {{groups}} metrics of "
    "resources that we analyse for right-sizing. A scan reads no metrics."
)

NEVER_READ = (
    "secrets",
    "Key Vault contents",
    "storage blob contents",
    "database rows",
    "customer-facing application data",
    "identity and RBAC assignments",
    "anything in Microsoft 365",
)

STORES = (
    ("Where", f"Azure SQL Database in the {DATA_REGION} region. UK data residency end to end."),
    (
        "What",
        (
            "The raw API responses above, the figures of your report that are calculated from them, the findings that "
            "we write for you, and the name you sign in with. A finding starts as a draft, created by rules from "
            "those responses or by a reviewer. Drafts are stored like all other data and marked as drafts in your "
            "download, but they are not our advice until a reviewer has published them. Refresh tokens are "
            "encrypted at rest using Fernet (AES-128 in CBC mode); access tokens are kept in memory only and never "
            "logged."
        ),
    ),
    (
        "Retention",
        (
            "Scan data is kept for "
            f"{RETENTION_MONTHS} months after your organisation's most recent scan that read data, then deleted. We "
            "email "
            f"you {RETENTION_NOTICE_DAYS} days before. You can delete findings, a scan or everything earlier, at any "
            f"time, on the page “Your data” or by email to {CONTACT}. Deleted data is removed from the live database "
            f"at once. Backups expire within {BACKUP_RETENTION_DAYS} days; if we have to restore one, we delete the "
            "data again."
        ),
    ),
    (
        "Short-lived data",
        (
            f"In table storage, in {DATA_REGION} like the database: your session, for {SESSION_HOURS} hours; a sign-in "
            "in progress; and how much of your Azure quota our requests have used, for "
            f"{QUOTAS_KEPT_MINUTES} minutes after the last request. Expired entries are cleared each night."
        ),
    ),
    (
        "Activity log",
        (
            "Who did what with your data, when and why: you, our reviewers or the system. Entries contain "
            "identifiers, the name of the actor and the text of a query, but none of your figures. They are kept "
            f"for {AUDIT_MONTHS} months, or longer while you have a scan here."
        ),
    ),
    (
        "After “Delete everything”",
        " ".join(KEPT_AFTER_DELETION),
    ),
    (
        "Review window",
        (
            f"Our reviewers can read more data only within {REVIEW_WINDOW_HOURS} hours after a scan, and not after its "
            "review is published. They can read a step again, run further Resource Graph or Cost Management "
            "queries within the lists on this page, and fetch metrics. Each action is in your activity log with "
            "its reason."
        ),
    ),
    (
        "Sub-processors",
        (
            "Microsoft (Azure, Entra) and Cloudflare (CDN and tunnel). No third-party email processor: "
            "transactional emails go through our own Microsoft 365 tenant by Microsoft Graph."
        ),
    ),
    (
        "In your browser",
        (
            f"One session cookie, for {SESSION_HOURS} hours at most, and one cookie during the sign-in itself. "
            f"A session also ends after {IDLE_MINUTES} minutes without use; “Sessions” lists yours and ends them. "
            "No tracking, no third-party scripts, fonts or images."
        ),
    ),
)

LIMITS = (
    (
        "The token carries your own rights.",
        (
            "Microsoft offers no read-only form of this permission: a delegated user_impersonation token allows "
            "everything you can do in Azure, including writing. Our program's list of calls above limits it to "
            "reading. If you prefer that Azure enforces this, sign in as a user who holds only Reader and Cost "
            "Management Reader: that user can consent too, and the report will be the same."
        ),
    ),
    (
        "Session afterglow on revoke.",
        (
            "Microsoft propagates the revocation of consent through the refresh token chain over up to 24 hours, and "
            "an access token issued before it stays valid for its normal life: about an hour, or up to 28 hours where "
            f"Azure can challenge it at any moment. We use none for longer than {MAX_TOKEN_MINUTES} minutes: then "
            "we request a new one from Entra, which detects a revoked consent. Our "
            f"{SESSION_HOURS}-hour session cookie shortens the practical afterglow but does not eliminate it. We "
            "honour Continuous Access Evaluation: when Azure challenges a token, we request one that satisfies the "
            "challenge, or stop and ask you to sign in again."
        ),
    ),
    (
        "The activity log is yours to read.",
        (
            "Every operator action (re-pulls, ad-hoc queries, metrics fetches, edits) is recorded. You can read the "
            "log on the page “Activity log” and download it as CSV and JSON; we also provide an extract on "
            "request. You see entries about yourself and about your whole organisation, but not about a "
            "colleague."
        ),
    ),
    (
        "Names and tags are free text.",
        (
            "Values in tags, SKUs and listed properties that look like a secret, by their name or format, are removed "
            "before anything is stored. A secret that does not look like one would be stored: do not put secrets "
            "in names and tags."
        ),
    ),
    (
        "Figures are Azure's own.",
        (
            f"Costs are Cost Management's for the last {COST_MONTHS} complete calendar months, before tax and "
            "credits: what Azure billed, or its public prices where a partner invoices you; Azure may still correct "
            "recent months. Some agreements allow grouping by two dimensions only; "
            "costs come without meters then, and your report says so. Savings in recommendations are Azure's "
            "estimates: Advisor's at retail prices, those of reservations and savings plans at your negotiated prices."
        ),
    ),
)

REVOKE = (
    f"Entra portal → Enterprise applications → search for “{APP}”",
    "Open the app → Properties → Delete",
)
AFTER_REVOKING = (
    "This revokes the consent of the whole tenant. Existing scans and findings stay until retention expires or you "
    f"delete them sooner, on the page “Your data”; or email {CONTACT} to request immediate deletion of any data."
)
APPROVERS = (
    "Cloud Application Administrator",
    "Application Administrator",
    "Privileged Role Administrator",
    "Global Administrator",
)
