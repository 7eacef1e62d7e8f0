"""What Entra does in the middle of a scan. Only its own refusal of the user's grant ends a consent."""

import json
from datetime import timedelta

from shared.arm.request import Json
from tests.faults.matrix.azure import Azure, Call, Spoil
from tests.faults.matrix.entra import STEP_UP, refusal
from tests.faults.matrix.fault import Fault, failed, sign_in
from tests.faults.matrix.front import Break, Reply

GROUP = "Entra, in the middle of a scan"
CLASSES = {
    "50173, all sign-ins ended": ("invalid_grant", 50173, "All your sign-ins were ended"),
    "700082, not used for long": ("invalid_grant", 700082, "Your sign-in has expired"),
    "70043, sign-in frequency": ("invalid_grant", 70043, "new sign-in from time to time"),
    "50076, second factor": ("interaction_required", 50076, "multi-factor authentication"),
    "50057, account disabled": ("invalid_grant", 50057, "account is disabled"),
    "65001, consent removed": ("invalid_grant", 65001, "Consent to this app was withdrawn"),
    "700016, application removed": ("unauthorized_client", 700016, "Consent to this app was withdrawn"),
    "50105, no longer assigned": ("invalid_grant", 50105, "no longer assigned"),
    "53003, conditional access": ("invalid_grant", 53003, "security policy"),
    "consent_required": ("consent_required", 0, "sign in again"),
    "login_required": ("login_required", 0, "sign in again"),
}
"""Refusals of the grant: (OAuth error, AADSTS number, what the person reads)."""


def expire(azure: Azure, call: Call) -> Reply | None:
    """The token of this call counts no more, from now on."""
    azure.expired.add(call.bearer)
    return azure.refused(call.bearer)


def expired(azure: Azure, call: Call, _: Json) -> Reply | None:
    return expire(azure, call) if call.times == 0 else None


def demanded(azure: Azure, call: Call, _: Json) -> Reply | None:
    """A claims challenge, which a token for those claims satisfies."""
    azure.demands_step_up = True
    return azure.refused(call.bearer)


def demanded_in_person(azure: Azure, call: Call, good: Json) -> Reply | None:
    """A claims challenge that only a person can meet: no refresh gives such a token."""
    azure.entra.mood = lambda asked: (
        refusal("interaction_required", 50076, claims=json.dumps(STEP_UP)) if asked.steps_up else None
    )
    return demanded(azure, call, good)


def demanded_for_ever(azure: Azure, call: Call, _: Json) -> Reply | None:
    """Entra gives a token for the claims, and Azure challenges that one too."""
    azure.demands_step_up = True
    azure.entra.stepped_up.clear()
    return azure.refused(call.bearer)


def refused_with(error: str, code: int) -> Spoil:
    """The access token expires, and the refresh is refused ever after."""

    def corrupted(azure: Azure, call: Call, _: Json) -> Reply | None:
        azure.entra.mood = lambda _: refusal(error, code)
        return expire(azure, call)

    return corrupted


def refused_for(span: timedelta, error: str, code: int) -> Spoil:
    """The access token expires, and until our side is fixed, the refresh is refused."""

    def corrupted(azure: Azure, call: Call, _: Json) -> Reply | None:
        if azure.struck:
            return None
        until = azure.clock.now() + span
        azure.entra.mood = lambda _: refusal(error, code) if azure.clock.now() < until else None
        return expire(azure, call)

    return corrupted


def failing(answer: Reply, times: int = 2) -> Spoil:
    """The access token expires, and so many refreshes fail."""

    def corrupted(azure: Azure, call: Call, _: Json) -> Reply | None:
        if azure.struck:
            return None
        seen = len(azure.entra.requests)
        azure.entra.mood = lambda asked: answer if asked.number <= seen + times else None
        return expire(azure, call)

    return corrupted


def down_for(span: timedelta) -> Spoil:
    """The access token expires, and Entra is away for that long."""

    def corrupted(azure: Azure, call: Call, _: Json) -> Reply | None:
        if azure.struck:
            return None
        until = azure.clock.now() + span
        away = Reply(503, b"<h1>Service unavailable</h1>", {"Content-Type": "text/html"})
        azure.entra.mood = lambda _: away if azure.clock.now() < until else None
        return expire(azure, call)

    return corrupted


IN_PASSING: dict[str, Reply] = {
    "temporarily_unavailable": refusal("temporarily_unavailable", 90055),
    "server_error": refusal("server_error"),
    "429": Reply(429, b"{}", {"Retry-After": "10"}),
    "500, no JSON": Reply(500, b"Internal Server Error"),
    "connection closed": Reply(200, b"{}", breaks=Break.NO_ANSWER),
    "HTML instead of JSON": Reply(200, b"<h1>Sign in</h1>"),
}
OURS = {
    "7000222, secret expired": ("invalid_client", 7000222),
    "7000215, secret wrong": ("invalid_client", 7000215),
    "700027, assertion wrong": ("invalid_client", 700027),
    "unauthorized_client": ("unauthorized_client", 0),
}
OUTAGE = timedelta(minutes=90)
"""How long a fault on our side lasts: longer than the retries after any other fault (`MAX_FAULTS` of them)."""

NEVER_FIXED = failed("A problem on our side lasted for days", alert="configuration", is_everywhere=True)

FAULTS = (
    Fault(GROUP, "access token expired", spoil=expired),
    Fault(GROUP, "claims challenge, met silently", spoil=demanded),
    Fault(
        GROUP,
        "claims challenge that only the person can meet",
        sign_in("multi-factor authentication"),
        spoil=demanded_in_person,
    ),
    Fault(GROUP, "claims challenge to every new token", sign_in("an additional check"), spoil=demanded_for_ever),
    *(
        Fault(GROUP, f"refresh refused: {name}", sign_in(words), spoil=refused_with(error, code))
        for name, (error, code, words) in CLASSES.items()
    ),
    *(Fault(GROUP, f"refresh fails in passing: {name}", spoil=failing(reply)) for name, reply in IN_PASSING.items()),
    Fault(GROUP, "Entra is down for an hour", spoil=down_for(timedelta(hours=1))),
    Fault(
        GROUP,
        "Entra is down for a day",
        failed("sign-in service did not answer", alert="unavailable", is_everywhere=True),
        spoil=down_for(timedelta(days=1)),
    ),
    *(
        Fault(GROUP, f"our fault for 90 minutes: {name}", spoil=refused_for(OUTAGE, error, code))
        for name, (error, code) in OURS.items()
    ),
    Fault(GROUP, "our fault, never fixed", NEVER_FIXED, spoil=refused_with("invalid_client", 7000222)),
)
