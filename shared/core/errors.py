"""Every error the system raises on purpose, grouped by what to do next.

`collectors/scan/run.py` turns the collection errors into a step's outcome by one table;
`web/rendering/pages.py` turns the request errors into a page. No error text holds a token, a
code, a cookie or a response body.
"""


class CaletaError(Exception):
    """Base of all errors raised on purpose."""


# Stop the app: an operator mends the configuration.


class ConfigurationError(CaletaError):
    """A setting is missing, malformed or contradictory; the text names it and the remedy."""


class CallNotAllowed(CaletaError):
    """The program asked for a call outside the allow-list; nothing was sent."""


# Wait, then try again.


class Throttled(CaletaError):
    """Azure asks us to wait (429 or 503 with a hint)."""

    def __init__(self, retry_after_seconds: float, quota: str) -> None:
        super().__init__(f"{quota} asks us to wait {retry_after_seconds:.0f} s")
        self.retry_after_seconds = retry_after_seconds
        self.quota = quota


class NotOurTurn(Throttled):
    """We wait of our own accord: the quota is the customer's, and its own people use it too. Nothing was sent."""


# Let Service Bus deliver the message again.


class AzureUnavailable(CaletaError):
    """Azure did not answer, or answered with a fault of its own that passes.

    `code` is Azure's own word for it, where it gave one.
    """

    def __init__(self, message: str, code: str = "") -> None:
        super().__init__(message)
        self.code = code


class NoDataYet(AzureUnavailable):
    """Azure says that it has no data where it may have some: a fault that passes, or the truth for good."""

    def __init__(self, code: str) -> None:
        super().__init__(f"Azure found no data: {code}", code)


class EntraUnavailable(CaletaError):
    """Entra did not answer, or answered with a fault of its own that passes."""


# The customer can mend it.


class PermissionMissing(CaletaError):
    """The signed-in user may not read this; `role` on `scope` would allow it."""

    def __init__(self, role: str, scope: str, code: str) -> None:
        super().__init__(f"{code}: {role} is missing on {scope}")
        self.role = role
        self.scope = scope
        self.code = code


SIGN_IN_AGAIN = "Microsoft asks you to sign in again."


class ConsentRevoked(CaletaError):
    """Entra refused the refresh token: the user has to sign in (and consent) again.

    `code` is for the log, `reason` a sentence for the user.
    """

    def __init__(self, code: str, reason: str = SIGN_IN_AGAIN) -> None:
        super().__init__(f"sign-in needed: {code}")
        self.code = code
        self.reason = reason


class ClaimsChallenge(ConsentRevoked):
    """Continuous Access Evaluation asks for a new sign-in with these claims (a JSON text)."""

    def __init__(
        self, code: str, claims: str, reason: str = "Your organisation asks for another check when you sign in."
    ) -> None:
        super().__init__(code, reason)
        self.claims = claims


# Nobody can mend it: say so and go on.


class NotOffered(CaletaError):
    """Azure does not offer this data for the agreement or the subscription."""

    def __init__(self, code: str, reason: str) -> None:
        super().__init__(f"{code}: {reason}")
        self.code = code
        self.reason = reason


class QueryRefused(CaletaError):
    """Azure refused this form of the query (400); a simpler one may be accepted.

    `place` is where in the query, if Azure says so; it may quote the query, so it is not for logs.
    """

    def __init__(self, code: str, place: str = "") -> None:
        super().__init__(f"the query was refused: {code}")
        self.code = code
        self.place = place


# We have to mend it.


class UnexpectedPayload(CaletaError):
    """Azure's answer is not of a shape we know; concluding anything from it would be a guess."""


class PagesWithoutEnd(UnexpectedPayload):
    """The pages of an answer lead back, or on and on: rows may have come twice."""


class BadMessage(CaletaError):
    """A queue message that cannot be understood; it is set aside with this reason."""


class LeaseLost(CaletaError):
    """Another worker has taken over this step; this one stops without a trace."""


# The person at the browser can mend it.


class RequestError(CaletaError):
    """A request that cannot be served; becomes a page with this status."""

    status = 400

    def __init__(self, title: str, remedy: str) -> None:
        super().__init__(title)
        self.title = title
        self.remedy = remedy


class BadRequest(RequestError):
    """A parameter is missing, repeated, too long or of the wrong form."""


class SignInRequired(RequestError):
    """There is no valid session."""

    status = 401


class Forbidden(RequestError):
    """The request came from another site, or the role for it is missing."""

    status = 403


class NotFound(RequestError):
    """There is no such thing, or it is somebody else's: the two look the same."""

    status = 404


class Conflict(RequestError):
    """Something changed meanwhile."""

    status = 409
