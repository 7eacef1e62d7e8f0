"""Send mail from our own mailbox through Microsoft Graph, the only way this system sends mail.

https://learn.microsoft.com/graph/api/user-sendmail
"""

import re
from collections.abc import Callable
from http import HTTPStatus
from urllib.parse import quote

import requests
from urllib3.exceptions import NewConnectionError

from shared.core.errors import AzureUnavailable, CaletaError
from shared.mail.content import MailContent

TIMEOUTS_SECONDS = (5, 30)
DEFAULT_WAIT_SECONDS = 60.0
MAX_WAIT_SECONDS = 3_600.0
CODE = re.compile(r"[A-Za-z0-9_.]{1,100}")

BANDWIDTH_LIMIT = 509
NOT_ACCEPTED_YET = (HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE, BANDWIDTH_LIMIT)
"""With these statuses Graph did not accept the request; it can be repeated later.

https://learn.microsoft.com/graph/errors
"""


class MailDelayed(CaletaError):
    """The mail was certainly not sent and can be sent later."""

    def __init__(self, code: str, wait_seconds: float = DEFAULT_WAIT_SECONDS) -> None:
        super().__init__(f"mail not accepted: {code}")
        self.code = code
        self.wait_seconds = wait_seconds


class MailRefused(CaletaError):
    """The mail was certainly not sent, and repeating it unchanged would fail again."""

    def __init__(self, code: str) -> None:
        super().__init__(f"mail refused: {code}")
        self.code = code


class MailUncertain(CaletaError):
    """The request was sent but its result is unknown. sendMail is not idempotent, so it must not be repeated."""

    def __init__(self, code: str) -> None:
        super().__init__(f"mail uncertain: {code}")
        self.code = code


class GraphMail:
    """Client for one mailbox; safe to share between threads.

    `token` returns an access token of our own identity for Graph, or raises AzureUnavailable.
    """

    def __init__(
        self, endpoint: str, sender: str, token: Callable[[], str], http: Callable[[], requests.Session] | None = None
    ) -> None:
        self._url = f"{endpoint}/v1.0/users/{quote(sender, safe='@')}/sendMail"
        self._token = token
        self._new_session = http or requests.Session

    def send(self, content: MailContent, recipient: str, request_id: str) -> None:
        """Send the mail; return once Graph has accepted it. Raises MailDelayed, MailRefused, MailUncertain."""
        try:
            headers = {"Authorization": f"Bearer {self._token()}", "client-request-id": request_id}
        except AzureUnavailable as error:
            raise MailDelayed(f"no token: {error}") from None
        response = self._post(_body(content, recipient), headers)
        if response.status_code == HTTPStatus.ACCEPTED:
            return
        raise _failure(response)

    def _post(self, body: dict[str, object], headers: dict[str, str]) -> requests.Response:
        """Post on a new connection for each mail.

        A kept-alive connection can be closed just as the request is sent, and then the result is unknown.
        """
        with self._new_session() as session:
            session.trust_env = False  # Ignore the machine's .netrc and proxy settings.
            try:
                return session.post(
                    self._url, json=body, headers=headers, timeout=TIMEOUTS_SECONDS, allow_redirects=False
                )
            except requests.ConnectionError as error:
                name = type(error).__name__
                raise (MailDelayed(name) if _never_left(error) else MailUncertain(name)) from None
            except requests.RequestException as error:
                raise MailUncertain(type(error).__name__) from None


def _body(content: MailContent, recipient: str) -> dict[str, object]:
    """Return the sendMail body. No copy is saved in the mailbox: it would outlive the customer's data.

    Graph accepts a plain-text alternative only as MIME, and always saves MIME messages; so we send HTML only, and
    Exchange generates the plain text. https://github.com/microsoftgraph/microsoft-graph-docs/issues/18698
    """
    message = {
        "subject": content.subject,
        "body": {"contentType": "HTML", "content": content.html},
        "toRecipients": [{"emailAddress": {"address": recipient}}],
    }
    return {"message": message, "saveToSentItems": False}


def _never_left(error: requests.ConnectionError) -> bool:
    """Return whether no connection was made, so that nothing was sent."""
    cause = getattr(error.args[0], "reason", None) if error.args else None
    return isinstance(error, requests.ConnectTimeout) or isinstance(cause, NewConnectionError)


def _failure(response: requests.Response) -> CaletaError:
    status, code = response.status_code, _code(response)
    if status in NOT_ACCEPTED_YET:
        return MailDelayed(code, _wait_seconds(response))
    if status == HTTPStatus.UNAUTHORIZED:
        return MailDelayed(code)
    if HTTPStatus.BAD_REQUEST <= status < HTTPStatus.INTERNAL_SERVER_ERROR:
        return MailRefused(code)
    return MailUncertain(code)


def _code(response: requests.Response) -> str:
    """Return Graph's status and error code. Its message is left out because it can contain personal data."""
    try:
        code = response.json()["error"]["code"]
    except (ValueError, KeyError, TypeError):
        code = None
    word = code if isinstance(code, str) and CODE.fullmatch(code) else "unknown"
    return f"{response.status_code} {word}"


def _wait_seconds(response: requests.Response) -> float:
    hint = response.headers.get("Retry-After", "")
    seconds = float(hint) if hint.isascii() and hint.isdigit() else DEFAULT_WAIT_SECONDS
    return min(max(seconds, 1.0), MAX_WAIT_SECONDS)
