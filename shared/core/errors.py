"""Define every error that the app raises on purpose, grouped by what to do next.

`collectors/scan/outcomes.py` maps collection errors to a step's outcome in one table;
`web/rendering/pages.py` renders request errors as pages. No error text holds a token, a
code, a cookie or a response body.
"""


class CaletaError(Exception):
    """Base class of all errors raised on purpose."""


# Stop: an operator has to fix the configuration.


class ConfigurationError(CaletaError):
    """A setting is missing, malformed or contradictory; the text names the setting and the fix."""


class CallNotAllowed(CaletaError):
    """A call outside the allow-list was about to be sent; nothing was sent."""


# Wait, then retry.


class Throttled(CaletaError):
    """Azure throttled the request (429, or 503 with a hint)."""

    def __init__(self, retry_after_seconds: float, quota: str) -> None:
        super().__init__(f"{quota} asks us to wait {retry_after_seconds:.0f} s")
        self.retry_after_seconds = retry_after_seconds
        self.quota = quota


class LocallyThrottled(Throttled):
    """We delay the request ourselves, to leave room in the customer's quota for its own users. Nothing was sent."""


# Let Service Bus redeliver the message.


class AzureUnavailable(CaletaError):
    """Azure did not answer, or answered with a transient failure. `code` is Azure's error code, if there is one."""

    def __init__(self, message: str, code: str = "") -> None:
        super().__init__(message)
        self.code = code


class NoDataYet(AzureUnavailable):
    """Azure reports no data where it may have some: a transient failure, or the final truth."""

    def __init__(self, code: str) -> None:
        super().__init__(f"Azure reported no data: {code}", code)


class RefusedWithoutReason(AzureUnavailable):
    """A refusal (4xx) that is not Azure's JSON but a gateway's own page, for a moment or for good."""

    def __init__(self, endpoint: str, status: int) -> None:
        super().__init__(f"{endpoint}: status {status} without JSON", str(status))
        self.status = status


class EntraUnavailable(CaletaError):
    """Microsoft Entra did not answer, or answered with a transient failure."""


# The customer can fix it.


class PermissionMissing(CaletaError):
    """The signed-in user is not allowed to read this; `role` on `scope` would allow it."""

    def __init__(self, role: str, scope: str, code: str) -> None:
        super().__init__(f"{code}: {role} is missing on {scope}")
        self.role = role
        self.scope = scope
        self.code = code


SIGN_IN_AGAIN = "Microsoft asks you to sign in again."


class ConsentRevoked(CaletaError):
    """Entra refused the refresh token: the user has to sign in, and consent, again.

    `code` is for the log, `reason` a sentence for the user.
    """

    def __init__(self, code: str, reason: str = SIGN_IN_AGAIN) -> None:
        super().__init__(f"sign-in needed: {code}")
        self.code = code
        self.reason = reason


class ClaimsChallenge(ConsentRevoked):
    """Continuous Access Evaluation requires a new sign-in with these claims (a JSON text)."""

    def __init__(
        self, code: str, claims: str, reason: str = "Your organisation requires an additional check at sign-in."
    ) -> None:
        super().__init__(code, reason)
        self.claims = claims


# It cannot be fixed: report it and continue.


class NotOffered(CaletaError):
    """Azure does not offer this data for the agreement or the subscription."""

    def __init__(self, code: str, reason: str) -> None:
        super().__init__(f"{code}: {reason}")
        self.code = code
        self.reason = reason


class RefusedByAzure(CaletaError):
    """Azure refused the call for good with a code that names no known cause. `code` is Azure's own."""

    def __init__(self, code: str, status: int) -> None:
        super().__init__(f"status {status}, code {code}")
        self.code = code
        self.status = status


class QueryRefused(CaletaError):
    """Azure refused this form of the query (400); a simpler one may be accepted.

    `place` is the position in the query, if Azure reports it; it may quote the query, so never log it.
    """

    def __init__(self, code: str, place: str = "") -> None:
        super().__init__(f"the query was refused: {code}")
        self.code = code
        self.place = place


# We have to fix it.


class UnexpectedPayload(CaletaError):
    """Azure's response has an unknown format; using it would be a guess."""


class PagesWithoutEnd(UnexpectedPayload):
    """The pages of a response repeat or never end: rows may have been read twice."""


class BadMessage(CaletaError):
    """A queue message that cannot be parsed; it is dead-lettered with this reason."""


class LeaseLost(CaletaError):
    """Another worker has claimed the step; this one stops without writing anything."""


class ScanIsRunning(CaletaError):
    """The user has a scan that has not finished; no second one was created."""


class ConsentDeleted(CaletaError):
    """The user's consent was deleted meanwhile, as by “Delete everything” in another tab; nothing was created."""


# The user in the browser can fix it.


class RequestError(CaletaError):
    """A request that cannot be served; rendered as a page with this status."""

    status = 400

    def __init__(self, title: str, remedy: str) -> None:
        super().__init__(title)
        self.title = title
        self.remedy = remedy


class BadRequest(RequestError):
    """A parameter is missing, repeated, too long or malformed."""


class SignInRequired(RequestError):
    """There is no valid session."""

    status = 401


class SignInAgain(RequestError):
    """The operator has a session, but Entra has to confirm the user first. The page leads there and back.

    `mode` is the kind of sign-in (shared.identity.operators.SignInMode), `return_to` a page of the desk.
    """

    status = 401

    def __init__(self, title: str, remedy: str, mode: str, return_to: str) -> None:
        super().__init__(title, remedy)
        self.mode = mode
        self.return_to = return_to


class Forbidden(RequestError):
    """The request came from another site, or the user lacks the role for it."""

    status = 403


class NotFound(RequestError):
    """It does not exist, or it belongs to another user: the two look the same."""

    status = 404


class TooLarge(RequestError):
    """The body is larger than anything this form can store."""

    status = 413


class Conflict(RequestError):
    """The data has changed since the page was loaded."""

    status = 409


class TooManyRequests(RequestError):
    """A limit is used up; `retry_after_seconds` says when the next request is accepted."""

    status = 429

    def __init__(self, title: str, remedy: str, retry_after_seconds: int) -> None:
        super().__init__(title, remedy)
        self.retry_after_seconds = retry_after_seconds
