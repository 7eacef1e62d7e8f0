"""Sends mail from our own mailbox by Microsoft Graph; nothing else in this system sends any.

https://learn.microsoft.com/graph/api/user-sendmail
"""

import re
from collections.abc import Callable
from http import HTTPStatus
from urllib.parse import quote

import requests
from urllib3.exceptions import NewConnectionError

from shared.core.errors import AzureUnavailable, CaletaError
from shared.mail.letters import Letter

TIMEOUTS_SECONDS = (5, 30)
DEFAULT_WAIT_SECONDS = 60.0
LONGEST_WAIT_SECONDS = 3_600.0
CODE = re.compile(r"[A-Za-z0-9_.]{1,100}")

BANDWIDTH_LIMIT = 509
NOT_TAKEN_YET = (HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE, BANDWIDTH_LIMIT)
"""Graph says with these that it did not take the request, and to repeat it later.

https://learn.microsoft.com/graph/errors
"""


class MailDelayed(CaletaError):
    """The mail surely did not go; it may be sent later."""

    def __init__(self, code: str, wait_seconds: float = DEFAULT_WAIT_SECONDS) -> None:
        super().__init__(f"mail not taken: {code}")
        self.code = code
        self.wait_seconds = wait_seconds


class MailRefused(CaletaError):
    """The mail surely did not go, and never will like this."""

    def __init__(self, code: str) -> None:
        super().__init__(f"mail refused: {code}")
        self.code = code


class MailUncertain(CaletaError):
    """The request left, and no answer says what became of it. sendMail is not idempotent: nobody may repeat it."""

    def __init__(self, code: str) -> None:
        super().__init__(f"mail uncertain: {code}")
        self.code = code


class GraphMail:
    """Sends from one mailbox; safe to share between threads.

    `token` gives an access token of our own identity for Graph, or raises AzureUnavailable.
    """

    def __init__(
        self, endpoint: str, sender: str, token: Callable[[], str], http: Callable[[], requests.Session] | None = None
    ) -> None:
        self._url = f"{endpoint}/v1.0/users/{quote(sender, safe='@')}/sendMail"
        self._token = token
        self._new_session = http or requests.Session

    def send(self, letter: Letter, recipient: str, request_id: str) -> None:
        """Returns once Graph has taken the mail. Raises MailDelayed, MailRefused, MailUncertain."""
        try:
            headers = {"Authorization": f"Bearer {self._token()}", "client-request-id": request_id}
        except AzureUnavailable as error:
            raise MailDelayed(f"no token: {error}") from None
        response = self._post(_body(letter, recipient), headers)
        if response.status_code == HTTPStatus.ACCEPTED:
            return
        raise _failure(response)

    def _post(self, body: dict[str, object], headers: dict[str, str]) -> requests.Response:
        """A connection of its own for each mail: one that was kept could be closed just as the request leaves it,
        and nobody could tell whether it arrived."""
        with self._new_session() as session:
            session.trust_env = False  # Neither a .netrc nor a proxy of the machine comes between us and Graph.
            try:
                return session.post(
                    self._url, json=body, headers=headers, timeout=TIMEOUTS_SECONDS, allow_redirects=False
                )
            except requests.ConnectionError as error:
                name = type(error).__name__
                raise (MailDelayed(name) if _never_left(error) else MailUncertain(name)) from None
            except requests.RequestException as error:
                raise MailUncertain(type(error).__name__) from None


def _body(letter: Letter, recipient: str) -> dict[str, object]:
    """No copy stays in the mailbox: it would outlive the customer's data.

    Graph takes a text beside the HTML only as MIME, and keeps a copy of whatever comes as MIME; so Exchange
    makes the text of the HTML. https://github.com/microsoftgraph/microsoft-graph-docs/issues/18698
    """
    message = {
        "subject": letter.subject,
        "body": {"contentType": "HTML", "content": letter.html},
        "toRecipients": [{"emailAddress": {"address": recipient}}],
    }
    return {"message": message, "saveToSentItems": False}


def _never_left(error: requests.ConnectionError) -> bool:
    """Whether no connection came about, so that nothing was sent."""
    cause = getattr(error.args[0], "reason", None) if error.args else None
    return isinstance(error, requests.ConnectTimeout) or isinstance(cause, NewConnectionError)


def _failure(response: requests.Response) -> CaletaError:
    status, code = response.status_code, _code(response)
    if status in NOT_TAKEN_YET:
        return MailDelayed(code, _wait_seconds(response))
    if status == HTTPStatus.UNAUTHORIZED:
        return MailDelayed(code)
    if HTTPStatus.BAD_REQUEST <= status < HTTPStatus.INTERNAL_SERVER_ERROR:
        return MailRefused(code)
    return MailUncertain(code)


def _code(response: requests.Response) -> str:
    """Graph's own word for it; its text is left out, for it may name people."""
    try:
        code = response.json()["error"]["code"]
    except (ValueError, KeyError, TypeError):
        code = None
    word = code if isinstance(code, str) and CODE.fullmatch(code) else "unknown"
    return f"{response.status_code} {word}"


def _wait_seconds(response: requests.Response) -> float:
    hint = response.headers.get("Retry-After", "")
    seconds = float(hint) if hint.isascii() and hint.isdigit() else DEFAULT_WAIT_SECONDS
    return min(max(seconds, 1.0), LONGEST_WAIT_SECONDS)
