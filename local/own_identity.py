"""The app's own identity on one machine: the simulated tenant's client credentials instead of a managed identity."""

import time

import requests
from azure.core.credentials import AccessToken
from azure.core.exceptions import ClientAuthenticationError

from local.registration import REGISTRATION

GRAPH_SCOPE = "https://graph.microsoft.com/.default"


class LocalIdentity:
    """A credential in the form of azure-identity's that gets tokens for the simulated Graph alone."""

    def __init__(self, tenant_url: str) -> None:
        self._url = f"{tenant_url}/{REGISTRATION.operators_tenant.tenant_id}/oauth2/v2.0/token"

    def get_token(self, *_scopes: str, **_options: object) -> AccessToken:
        """Raises ClientAuthenticationError, as azure-identity does."""
        form = {
            "grant_type": "client_credentials",
            "client_id": REGISTRATION.mail.client_id,
            "client_secret": REGISTRATION.mail.client_secret,
            "scope": GRAPH_SCOPE,
        }
        try:
            answer = requests.post(self._url, data=form, timeout=20)
            body = answer.json()
        except requests.RequestException as error:
            raise ClientAuthenticationError(f"the simulated tenant did not answer: {type(error).__name__}") from None
        if "access_token" not in body:
            raise ClientAuthenticationError(f"the simulated tenant answered {answer.status_code}")
        return AccessToken(body["access_token"], int(time.time()) + int(body["expires_in"]))
