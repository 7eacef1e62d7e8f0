"""What Entra answers to a flow, as the tests of both kinds of flow need it."""

from urllib.parse import parse_qsl, urlsplit

from shared.identity.consent import FlowStarted
from tests.support.entra_double import EntraDouble, Json, granted, id_claims


def asked(flow: FlowStarted) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(flow.url).query))


def answered(flow: FlowStarted, **more: str) -> dict[str, str]:
    """What Entra puts into the callback of this flow."""
    return {"code": "the-code", "state": asked(flow)["state"], "session_state": "x", "client_info": "e30", **more}


def refused(flow: FlowStarted, error: str, code: int) -> dict[str, str]:
    return {"error": error, "error_description": f"AADSTS{code}: No.", "state": asked(flow)["state"]}


def accept(entra: EntraDouble, flow: FlowStarted, answer: Json | None = None, **claims: object) -> None:
    """Entra will take the code of this flow."""
    told = id_claims(**{"nonce": asked(flow)["nonce"], **claims})
    entra.answers = [(200, granted(told, **(answer or {})))]
