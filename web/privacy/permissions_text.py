"""The sentences of the permissions page and of /permissions.json, with the figures that the code runs on."""

from shared.arm.quota_state import QUOTAS_KEPT_MINUTES
from shared.core.periods import (
    AUDIT_MONTHS,
    BACKUP_RETENTION_DAYS,
    COST_MONTHS,
    RETENTION_MONTHS,
    RETENTION_NOTICE_DAYS,
    REVIEW_WINDOW_HOURS,
)
from shared.identity.broker import MOST_TOKEN_MINUTES
from shared.identity.sessions import SESSION_HOURS
from web.rendering.pages import COMPANY, CONTACT

APP = "Caleta Cost Review"
PUBLISHER = f"{COMPANY} (registered in England, MPN ID 6315717)"
DATA_REGION = "UK South"

COVERS = (
    "Azure Resource Manager APIs (Cost Management, Resource Graph, Advisor, Azure Monitor metrics), acting as the "
    "signed-in user and never beyond their existing Azure RBAC."
)
METRICS = (
    f"On demand only, by a reviewer of ours, within {REVIEW_WINDOW_HOURS} hours after a scan: {{groups}} of "
    "resources that we analyse for right-sizing. A scan pulls no metrics."
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
            "The raw API responses above and the figures of your report made from them, the findings that we write "
            "for you, and the name you sign in with. A finding begins as a draft, made by rules from those "
            "responses or by a reviewer; a draft is held like everything else, and marked as a draft in your "
            "download, but it is not our word until a person has published it. Refresh tokens are stored encrypted "
            "at rest using Fernet (AES-128 in CBC mode); access tokens are kept in memory only and never logged."
        ),
    ),
    (
        "Retention",
        (
            f"Scan data is kept for {RETENTION_MONTHS} months after your most recent scan, then deleted. We write to "
            f"you {RETENTION_NOTICE_DAYS} days before. You can delete findings, a scan or everything at any time "
            f"before that, on the page “Your data” or by an email to {CONTACT}. What is deleted is gone from the "
            f"live database at once; backups age out within {BACKUP_RETENTION_DAYS} days, and should one be "
            "restored, the deletion is done again."
        ),
    ),
    (
        "For minutes and hours",
        (
            f"In table storage, in {DATA_REGION} like the database: that you are signed in, for "
            f"{SESSION_HOURS} hours; a sign-in under way; and how much of your Azure quota our reading has used, for "
            f"{QUOTAS_KEPT_MINUTES} minutes after the last of it. What has run out is cleared each night."
        ),
    ),
    (
        "Activity log",
        (
            "Who did what with your data, when and why: by you, by our reviewers, by the program. Each entry holds "
            "identifiers, the name of who acted and the text of a query, none of your figures. It is kept for "
            f"{AUDIT_MONTHS} months, and as long as you have a scan here."
        ),
    ),
    (
        "Review window",
        (
            f"A person of ours may look deeper only within {REVIEW_WINDOW_HOURS} hours after a scan, and not after "
            "its review was published: read a part again, ask Resource Graph or Cost Management a further question "
            "within the lists on this page, fetch metrics. Each is on your activity log with its reason."
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
            f"One session cookie, for {SESSION_HOURS} hours at most, and one for the minutes of the sign-in itself. "
            "No tracking, no third-party script, font or picture."
        ),
    ),
)

LIMITS = (
    (
        "The token carries your own rights.",
        (
            "Microsoft offers no read-only form of this permission: a delegated user_impersonation token allows "
            "whatever you may do in Azure, writing included. Our program's list of calls above is what keeps it to "
            "reading. If you would rather rely on Azure for that, sign in as a user who holds only Reader and Cost "
            "Management Reader: consent works for such a user too, and the report will be the same."
        ),
    ),
    (
        "Session afterglow on revoke.",
        (
            "Microsoft propagates the revocation of consent through the refresh token chain over up to 24 hours, and "
            "an access token issued before it stays valid for its normal life: about an hour, or up to 28 hours where "
            f"Azure can challenge it at any moment. We use none for longer than {MOST_TOKEN_MINUTES} minutes: then "
            "Entra is asked for another, and a revoked consent shows. Our "
            f"{SESSION_HOURS}-hour session cookie shortens the practical afterglow but does not eliminate it. We "
            "honour Continuous Access Evaluation: when Azure challenges a token, we get one that meets the challenge, "
            "or stop and ask you to sign in again."
        ),
    ),
    (
        "The activity log is yours to read.",
        (
            "Every operator action (re-pulls, ad-hoc queries, metrics fetches, edits) is on it, on the page "
            "“Activity” and as CSV and JSON; we also provide an extract on request. You see what is about yourself "
            "and about your whole organisation, not what is about a colleague."
        ),
    ),
    (
        "Names and tags are free text.",
        (
            "What looks like a secret in a tag, a SKU or a listed property is taken out before anything is stored, "
            "by its name and by its shape. A secret that looks like nothing of the kind would be kept: do not put "
            "secrets into names and tags."
        ),
    ),
    (
        "Figures are Azure's own.",
        (
            f"Costs are what Azure billed for the last {COST_MONTHS} complete calendar months, before tax and "
            "credits; Azure may still correct recent months. Some agreements let costs be grouped by two things only: "
            "costs come without meters then, and your report says so. Savings in recommendations are Azure's "
            "estimates, some at list price."
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
