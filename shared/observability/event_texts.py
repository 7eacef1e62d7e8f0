"""Every log event, with what it means and what an operator does about it.

docs/log-events.md is generated from this table (`python -m tools.log_events`). The app never imports it.
"""

from dataclasses import dataclass

from shared.observability.events import Event

NOTHING = "Nothing."
WATCH = "Nothing, unless it keeps coming."


@dataclass(frozen=True)
class LogEvent:
    """One event: `meaning` completes "logged when", `action` is what an operator does."""

    name: str
    meaning: str
    action: str


def _of(event: Event, meaning: str, action: str = NOTHING) -> LogEvent:
    return LogEvent(event.value, meaning, action)


LOG_EVENTS = (
    _of(Event.CONSENT_GIVEN, "a user has signed in with consent, and a scan starts or continues"),
    _of(Event.CUSTOMER_SIGNED_IN, "a user has signed in to read; no Azure permission was asked for"),
    _of(Event.ADMIN_APPROVAL_REPORTED, "a browser returns from the administrator's approval; nothing is trusted"),
    _of(
        Event.SIGN_IN_FAILED,
        "a customer's sign-in fails; `problem` and `code` name the reason",
        "If many come at once, look `code` up among Entra's error codes; the application may be misconfigured.",
    ),
    _of(Event.USER_DISCONNECTED, "a user disconnects; running scans are cancelled"),
    _of(Event.OPERATOR_SIGNED_IN, "an operator signs in to the desk"),
    _of(Event.OPERATOR_CONFIRMED, "Entra confirms the roles of an operator who is signed in"),
    _of(
        Event.OPERATOR_REFUSED,
        "a user of our tenant without a role tries to sign in to the desk",
        "Assign a role if the user is a reviewer.",
    ),
    _of(
        Event.OPERATOR_SIGN_IN_FAILED,
        "an operator's sign-in fails",
        "Look `code` up among Entra's error codes.",
    ),
    _of(
        Event.ROLE_MISSING,
        "an operator opens a page of the desk without its role; the answer is that of an unknown address",
        "If it keeps coming from one operator, ask why, or assign the role.",
    ),
    _of(Event.REQUEST_REFUSED, "a page answers 4xx"),
    _of(
        Event.REQUEST_FAILED,
        "a page answers 500; `at` is the place in the code, `reference` is on the user's page",
        "Find the place in the code. The alert error-rate fires when it is not a single case.",
    ),
    _of(
        Event.PAGE_UNAVAILABLE,
        "a page answers 503 because the database does not answer",
        "Nothing, if it lasts a minute: a failover, or a serverless database that resumes.",
    ),
    _of(Event.CHALLENGE_UNMET, "Azure no longer accepts a user's tokens and the user has to sign in again"),
    _of(
        Event.REFRESH_REFUSED,
        "Entra refuses a refresh token; `remedy` says what follows",
        "If `remedy` speaks of our settings, check the app registration and its credential.",
    ),
    _of(Event.SCAN_PLANNED, "the subscriptions are listed and the steps are queued"),
    _of(Event.PLAN_SKIPPED, "a plan message arrives for a scan that is planned already"),
    _of(Event.SCAN_POSTPONED, "the subscriptions cannot be listed yet", WATCH),
    _of(Event.SCAN_RESENT, "a scan made no progress and its message is sent again", WATCH),
    _of(Event.SCAN_COLLECTED, "a scan ends with everything read"),
    _of(Event.SCAN_PARTIAL, "a scan ends with a part not read; the report names it"),
    _of(Event.SCAN_BLOCKED, "a scan ends because the user may read nothing or consent has ended"),
    _of(Event.SCAN_FAILED, "a scan ends with nothing read", "Look at the step-failed lines of the same scan."),
    _of(Event.SCAN_CANCELLED, "a scan ends because the user disconnected"),
    _of(Event.FINISH_SKIPPED, "a finish message arrives for a scan that is not finishing"),
    _of(Event.STEP_PLANNED, "what a step read calls for another step, which is added and queued"),
    _of(Event.STEP_THROTTLED, "Azure throttles and the step waits within its message"),
    _of(Event.STEP_POSTPONED, "the step waits for a scheduled message", WATCH),
    _of(Event.STEP_SIMPLIFIED, "Azure refuses the full query and a simpler one is sent"),
    _of(Event.STEP_REQUEST_SKIPPED, "one of a step's requests is refused; the others continue"),
    _of(
        Event.STEP_ROWS_SET_ASIDE,
        "rows of a page could not be read; the others are stored",
        "Open the raw page from the scan's coverage at the desk and teach the collector its form. Then re-pull.",
    ),
    _of(Event.STEP_RESTARTED, "a deployment changed the step's requests, so it restarts"),
    _of(Event.STEP_INTERRUPTED, "an exception leaves the step; the message is redelivered", WATCH),
    _of(Event.STEP_HANDED_OVER, "the step has used its message's time and continues with a new message"),
    _of(Event.STEP_ABANDONED, "the step's scan has ended"),
    _of(Event.STEP_LEASE_LOST, "another worker holds the step by now", WATCH),
    _of(Event.STEP_LEASED, "another worker holds the step; the message is sent again for later"),
    _of(Event.STEP_SCHEDULED, "the step waits for a later message, which is sent again to be safe"),
    _of(Event.STEP_CONTINUED, "an old message of a step is dead-lettered while a newer one carries it"),
    _of(Event.STEP_ENDED_BEFORE, "a message arrives for a step that has ended"),
    _of(Event.STEP_UNKNOWN, "a message arrives for a step that is not in the database", "Nothing, after a deletion."),
    _of(Event.STEP_RESENT, "a step made no progress and its message is sent again", WATCH),
    _of(
        Event.STEP_ORPHANED,
        "a step's collector is not part of the deployed version",
        "Expected after a rollback. Start a re-pull at the desk once the version is back.",
    ),
    _of(Event.STEP_SUCCEEDED, "a step ends with its rows stored"),
    _of(Event.STEP_BLOCKED, "a step ends for want of a role; the report names role and scope"),
    _of(Event.STEP_SKIPPED, "Azure does not offer the data for this subscription"),
    _of(Event.STEP_FAILED, "a step ends without its data", "Follow the alert of the same line, if it has one."),
    _of(Event.ARM_CALLED, "Azure Resource Manager has answered; one line for each call"),
    _of(Event.ARM_RETRIED, "a call is repeated with a new token"),
    _of(Event.ARM_CALL_FAILED, "no answer came from Azure Resource Manager", WATCH),
    _of(
        Event.QUOTA_STATE_UNAVAILABLE,
        "table storage does not answer; Azure's own refusals set the pace",
        "Check the storage account if it lasts.",
    ),
    _of(Event.QUOTA_STATE_CONTENDED, "many instances update one tenant's quota at once", WATCH),
    _of(Event.DRAFTS_SKIPPED, "a drafting message arrives for a scan that needs no drafts"),
    _of(Event.DRAFTS_RESENT, "a scan's findings were never drafted and the message is sent again", WATCH),
    _of(Event.FINDINGS_DRAFTED, "the rules have drafted a scan's findings"),
    _of(Event.RULE_FAILED, "a rule stopped at a resource of an unknown form; the other rules continue", WATCH),
    _of(Event.JOB_SKIPPED, "a message arrives for an on-demand job that has ended or is held by another worker"),
    _of(Event.JOB_LEASE_LOST, "another worker holds the job by now", WATCH),
    _of(Event.JOB_THROTTLED, "Azure throttles and the job waits within its message"),
    _of(Event.JOB_SIMPLIFIED, "Azure refuses the full query and a simpler one is sent"),
    _of(Event.JOB_REQUEST_SKIPPED, "one of a job's requests is refused; the others continue"),
    _of(Event.JOB_POSTPONED, "the job waits for a scheduled message", WATCH),
    _of(Event.JOB_INTERRUPTED, "an exception leaves the job; the message is redelivered", WATCH),
    _of(Event.JOB_RESENT, "a job made no progress and its message is sent again", WATCH),
    _of(Event.JOB_DONE, "a job ends with its result"),
    _of(Event.JOB_REFUSED, "a job ends because it may not run"),
    _of(Event.JOB_FAILED, "a job ends without a result", "The reviewer sees the reason; look at the job's lines."),
    _of(Event.MESSAGE_REDELIVERED, "a message comes again because an earlier delivery did not complete", WATCH),
    _of(Event.MESSAGE_RENEWED, "an earlier delivery made progress, so the work is sent as a new message", WATCH),
    _of(
        Event.MESSAGE_REJECTED,
        "a message cannot be read and is dead-lettered",
        "Find its sender; a deployment may have changed the format.",
    ),
    _of(
        Event.MESSAGE_FAILED,
        "an exception leaves a message's work; the traceback follows",
        "Find the place in the code. After ten deliveries without progress the message is dead-lettered.",
    ),
    _of(
        Event.MESSAGE_DEAD_LETTERED,
        "a message failed every delivery; what waited for it ends as failed",
        "Fix the cause, then replay it at the desk under “Dead letters”.",
    ),
    _of(Event.DATABASE_UNAVAILABLE, "the database does not answer; the message is sent again for later", WATCH),
    _of(Event.SQL_RETRIED, "a transaction is repeated after a transient fault", WATCH),
    _of(
        Event.SNAPSHOT_MISSING,
        "the database does not allow SNAPSHOT isolation, so the figures of one page may be of different moments",
        "Run `ALTER DATABASE CURRENT SET ALLOW_SNAPSHOT_ISOLATION ON` as the database's owner.",
    ),
    _of(Event.MAIL_SENT, "Microsoft Graph has accepted a mail"),
    _of(Event.MAIL_SKIPPED, "a message arrives for a mail that is sent, being sent or deleted"),
    _of(Event.MAIL_POSTPONED, "Microsoft Graph asks to wait", WATCH),
    _of(Event.MAIL_RESENT, "a mail is overdue and its message is sent again", WATCH),
    _of(
        Event.MAIL_FAILED,
        "Microsoft Graph refuses a mail; `reason` is its code",
        "Check MAIL_SENDER and the identity's role in Exchange; write to the customer by hand.",
    ),
    _of(
        Event.MAIL_UNCERTAIN,
        "a call to send broke off, so it is unknown whether the mail was sent",
        "Search the mailbox's message trace; send it by hand if it is missing.",
    ),
    _of(Event.MAIL_ADDRESS_MISSING, "a user name is no address, so no mail is sent"),
    _of(Event.REVIEW_REMINDED, "a mail says that a review is due soon"),
    _of(Event.RETENTION_NOTICED, "a mail says that a customer's data will be deleted soon"),
    _of(Event.PURGE_STARTED, "the nightly purge starts"),
    _of(Event.PURGE_ENDED, "the nightly purge ends; the alert purge-missing waits for this line"),
    _of(
        Event.PURGE_FAILED,
        "the nightly purge fails",
        "Find the exception in the log; the next night continues where this one stopped.",
    ),
    _of(
        Event.PURGE_UNFINISHED,
        "the night did not suffice: `waiting` customers got no time, `late` deletions began over a day ago",
        "See whether the queue of deletions is worked on, and which statement takes the time.",
    ),
    _of(Event.CUSTOMER_PURGED, "the data of a customer whose retention has ended is deleted"),
    _of(Event.EXPORT_BUILT, "a file that a user has asked for is built; `bytes` is its size"),
    _of(Event.EXPORT_SKIPPED, "a file is not built because it is built already, expired or deleted"),
    _of(Event.DELETION_WORKED, "a deletion has worked for its share of time; `state` says whether it is done"),
    _of(Event.DELETION_SKIPPED, "a message arrives for a deletion that is done"),
    _of(Event.DELETION_REPEATED, "a deletion is repeated after a restore of the database"),
    _of(Event.REENCRYPTION_STARTED, "the nightly re-encryption starts"),
    _of(Event.REENCRYPTION_ENDED, "the nightly re-encryption ends"),
    _of(
        Event.TOKEN_UNREADABLE,
        "no key decrypts a refresh token",
        "Enable the secret's older version again; otherwise the customer has to sign in.",
    ),
    _of(Event.KEYS_KEPT, "the Key Vault does not answer and the known keys stay in use", WATCH),
    _of(Event.CERTIFICATE_KEPT, "the Key Vault does not answer and the known certificate stays in use", WATCH),
    _of(
        Event.IDENTITY_UNAVAILABLE,
        "the app got no token for its managed identity",
        "Check the identity and its assignment to the function app.",
    ),
)
