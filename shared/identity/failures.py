"""Interpret Entra's error responses to token requests and sign-ins.

The OAuth error decides, the AADSTS code refines: Microsoft may change the codes, so an
unknown one never revokes a consent.
https://learn.microsoft.com/entra/identity-platform/reference-error-codes
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from shared.core.errors import SIGN_IN_AGAIN
from shared.identity.claims import usable_challenge


class Remedy(StrEnum):
    """What to do after a refused token request."""

    SIGN_IN_AGAIN = "sign_in_again"
    FIX_OUR_SETTINGS = "fix_our_settings"
    RETRY = "retry"


class SignInProblem(StrEnum):
    """Why a sign-in failed; each has its own page."""

    DECLINED = "declined"
    ADMIN_APPROVAL_NEEDED = "admin_approval_needed"
    ADMIN_APPROVAL_REQUESTED = "admin_approval_requested"
    UNKNOWN_TENANT = "unknown_tenant"
    WRONG_TENANT = "wrong_tenant"
    ACCOUNT_NOT_IN_TENANT = "account_not_in_tenant"
    PERSONAL_ACCOUNT = "personal_account"
    ASSIGNMENT_REQUIRED = "assignment_required"
    APP_DISABLED = "app_disabled"
    NO_AZURE = "no_azure"
    ACCESS_DENIED = "access_denied"
    CONDITIONAL_ACCESS = "conditional_access"
    TENANT_RESTRICTED = "tenant_restricted"
    ACCOUNT_UNUSABLE = "account_unusable"
    SIGN_IN_INTERRUPTED = "sign_in_interrupted"
    CODE_USED = "code_used"
    EXPIRED = "expired"
    OTHER_BROWSER = "other_browser"
    STATE_MISMATCH = "state_mismatch"
    INCOMPLETE_CALLBACK = "incomplete_callback"
    INCOMPLETE_ANSWER = "incomplete_answer"
    OUR_FAULT = "our_fault"
    ENTRA_DOWN = "entra_down"


@dataclass(frozen=True)
class OAuthErrorResponse:
    """Entra's error response without its text, which may name people. `claims` is a challenge to store."""

    error: str
    codes: tuple[int, ...] = ()
    suberror: str = ""
    claims: str | None = field(default=None, repr=False)

    @property
    def label(self) -> str:
        """Return a label for logs and status reasons: `invalid_grant AADSTS50173`."""
        return " ".join([self.error, *(f"AADSTS{code}" for code in self.codes)])


class EntraRefused(Exception):
    """Entra refused the request."""

    def __init__(self, response: OAuthErrorResponse) -> None:
        super().__init__(response.label)
        self.response = response


OAUTH_ERROR = re.compile(r"[a-z_]{1,40}")
AADSTS = re.compile(r"\bAADSTS(\d{4,9})\b")
MAX_CODES = 5

SIGN_IN_ERRORS = {"invalid_grant", "interaction_required", "consent_required", "login_required", "access_denied"}
TRANSIENT_ERRORS = {"temporarily_unavailable", "server_error", "slow_down"}

TRANSIENT_CODES = {90055, 90024, 90012, 90006, 90033, 50033, 50087, 50196}
CREDENTIAL_CODES = {
    *(7000215, 7000216, 7000218, 7000219, 7000222),  # our secret: wrong, missing or expired
    *(50012, 50013, 50027, 500133, 700021, 700023, 700024, 700025, 700026, 700027, 700030),  # our assertion
    *(700211, 700212, 700213, 700214, 700215, 700229),  # our federated credential
}
"""Our own proof was refused: our fault, whatever the OAuth error and the other codes say."""

OUR_CODES = {
    *CREDENTIAL_CODES,
    *(700016, 700022, 50011, 500113, 900971, 50194, 9001023, 650053, 650057),  # our application, registration, scope
    *(70003, 70011, 900144, 90014, 9000411),  # a request that we built wrongly
}
"""Our fault, unless the OAuth error says that the user's grant is invalid."""

NO_AZURE_CODES = {500011, 500014, 650051, 650052}
"""Azure Resource Manager is not set up in the customer's tenant, or is disabled there."""

REMOVED_FROM_TENANT = {700016, 7000112, 90002, *NO_AZURE_CODES}
"""The customer removed or disabled our application or Azure, or the tenant was deleted: a sign-in shows which."""


def error_from_token_response(answer: Mapping[str, Any]) -> OAuthErrorResponse:
    """Parse the token endpoint's JSON."""
    codes = answer.get("error_codes")
    listed = [code for code in codes if type(code) is int] if isinstance(codes, list) else []
    return OAuthErrorResponse(
        error=_oauth_error(answer.get("error")),
        codes=tuple(listed[:MAX_CODES]) or _codes_in(answer.get("error_description")),
        suberror=_oauth_error(answer.get("suberror")) if answer.get("suberror") else "",
        claims=usable_challenge(answer["claims"]) if isinstance(answer.get("claims"), str) else None,
    )


def error_from_callback(query: Mapping[str, str]) -> OAuthErrorResponse:
    """Parse the callback's query. Not trusted: any caller can write one."""
    return OAuthErrorResponse(_oauth_error(query.get("error")), _codes_in(query.get("error_description")))


def numbers_in(label: str) -> tuple[int, ...]:
    """Return the AADSTS numbers in an OAuthErrorResponse's label."""
    return tuple(int(number) for number in AADSTS.findall(label))


def _oauth_error(value: object) -> str:
    return value if isinstance(value, str) and OAUTH_ERROR.fullmatch(value) else "unknown"


def _codes_in(text: object) -> tuple[int, ...]:
    first_line = text.splitlines()[0] if isinstance(text, str) and text.strip() else ""
    return tuple(int(number) for number in AADSTS.findall(first_line)[:MAX_CODES])


def remedy_of(response: OAuthErrorResponse) -> Remedy:
    """Return what to do after a refused refresh. An unknown error is ours to analyse, never a revocation."""
    codes = set(response.codes)
    if response.error in TRANSIENT_ERRORS or codes & TRANSIENT_CODES:
        return Remedy.RETRY
    if codes & CREDENTIAL_CODES:
        return Remedy.FIX_OUR_SETTINGS
    if response.error in SIGN_IN_ERRORS or codes & REMOVED_FROM_TENANT:
        return Remedy.SIGN_IN_AGAIN
    return Remedy.FIX_OUR_SETTINGS


REASONS = {
    **dict.fromkeys((50173, 50132, 50133), "All your sign-ins were ended, for example by a password change."),
    **dict.fromkeys((700082, 70008, 700084), "Your sign-in has expired because it was not used for a long time."),
    **dict.fromkeys((70043, 50089), "Your organisation requires a new sign-in from time to time."),
    **dict.fromkeys((50072, 50074, 50076, 50078, 50079), "Your organisation requires multi-factor authentication."),
    **dict.fromkeys((65001, 700016, 7000112), "Consent to this app was withdrawn in Microsoft Entra."),
    50057: "Your account is disabled.",
    50105: "You are no longer assigned to this app.",
    **dict.fromkeys((53000, 53001, 53002, 53003, 53004), "A security policy of your organisation blocked it."),
    **dict.fromkeys(NO_AZURE_CODES, "Your organisation has no Azure: Azure Resource Manager is not set up in it."),
    90002: "Microsoft no longer knows your organisation's tenant.",
}
"""Why a consent has ended, for the user who gave it."""


def reason_of(response: OAuthErrorResponse) -> str:
    """Return the sentence for the user."""
    known = (REASONS[code] for code in response.codes if code in REASONS)
    return next(known, SIGN_IN_AGAIN)


CONDITIONAL_ACCESS_CODES = (
    *(53000, 53001, 53002, 53003, 53004, 53005, 53006, 53008, 53009, 53010, 53011),
    *(530001, 530002, 530003, 530031, 530032, 530034, 530035, 530036, 50005, 50097, 50129, 50131, 501291, 399284),
)
PROBLEM_OF_CODE = {
    65004: SignInProblem.DECLINED,
    **dict.fromkeys((90094, 65001, 90093, 90097, 900941, 900942), SignInProblem.ADMIN_APPROVAL_NEEDED),
    90095: SignInProblem.ADMIN_APPROVAL_REQUESTED,
    **dict.fromkeys((90002, 900023, 90013), SignInProblem.UNKNOWN_TENANT),
    **dict.fromkeys((50020, 50034, 16000, 51004, 50014, 90072), SignInProblem.ACCOUNT_NOT_IN_TENANT),
    **dict.fromkeys((50105, 50177), SignInProblem.ASSIGNMENT_REQUIRED),
    **dict.fromkeys((7000112, 7000114, 70001), SignInProblem.APP_DISABLED),
    **dict.fromkeys(NO_AZURE_CODES, SignInProblem.NO_AZURE),
    **dict.fromkeys(CONDITIONAL_ACCESS_CODES, SignInProblem.CONDITIONAL_ACCESS),
    **dict.fromkeys((500021, 500022, 500212, 500213), SignInProblem.TENANT_RESTRICTED),
    **dict.fromkeys((50057, 50055, 50053, 50144), SignInProblem.ACCOUNT_UNUSABLE),
    **dict.fromkeys((54005, 70008, 70000), SignInProblem.CODE_USED),
    **dict.fromkeys((50072, 50074, 50076, 50078, 50079, 50058, 50089), SignInProblem.SIGN_IN_INTERRUPTED),
    **dict.fromkeys((700005, 501481), SignInProblem.INCOMPLETE_ANSWER),
    **dict.fromkeys(OUR_CODES, SignInProblem.OUR_FAULT),
    **dict.fromkeys(TRANSIENT_CODES, SignInProblem.ENTRA_DOWN),
}
PROBLEM_OF_ERROR = {
    "access_denied": SignInProblem.DECLINED,
    "consent_required": SignInProblem.ADMIN_APPROVAL_NEEDED,
    "interaction_required": SignInProblem.SIGN_IN_INTERRUPTED,
    "login_required": SignInProblem.SIGN_IN_INTERRUPTED,
    "invalid_grant": SignInProblem.CODE_USED,
    **dict.fromkeys(TRANSIENT_ERRORS, SignInProblem.ENTRA_DOWN),
}


def problem_of(response: OAuthErrorResponse) -> SignInProblem:
    """Return the problem, and so the page, of a refused sign-in.

    Declined is only what has the number of it, or no number at all.
    """
    if set(response.codes) & CREDENTIAL_CODES:
        return SignInProblem.OUR_FAULT
    by_code = (PROBLEM_OF_CODE[code] for code in response.codes if code in PROBLEM_OF_CODE)
    by_error = PROBLEM_OF_ERROR.get(response.error, SignInProblem.OUR_FAULT)
    is_unknown_denial = by_error is SignInProblem.DECLINED and bool(response.codes)
    return next(by_code, SignInProblem.ACCESS_DENIED if is_unknown_denial else by_error)
