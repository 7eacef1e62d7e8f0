"""The app registration in the simulated Entra, shared with the local host.

The secret is worth nothing: the simulated tenant listens on 127.0.0.1 only.
"""

CLIENT_ID = "5a3f6d52-7d0c-4c5e-9d6b-0c1f8a7be201"
CLIENT_SECRET = "local-only-client-secret"  # noqa: S105 - it opens nothing but this simulation
APPLICATION_NAME = "Caleta Cost Review"
PUBLISHER = "Caleta Analytics Ltd"

MAIL_CLIENT_ID = "b9a4c0de-2f0b-4a3c-8a5e-4b6a1f1dc302"
MAIL_CLIENT_SECRET = "local-only-mail-secret"  # noqa: S105 - likewise
"""The identity that sends mail: of our own tenant, never the one that customers consent to."""

MAIL_SENDER = "reviews@caleta.example"
"""The one mailbox that it may send from."""

REVIEWERS = "reviewers@caleta.example"
"""Where all reviewers are told of new scans, and of reviews that nobody has taken."""

ARM_RESOURCES = ("https://management.azure.com", "https://management.core.windows.net")
ARM_APPLICATION_ID = "797f4846-ba00-4fd7-ba43-dac1f8f63013"
DELEGATED_PERMISSION = "user_impersonation"
SIGN_IN_SCOPES = ("openid", "profile", "offline_access", "email")

OPERATOR_CLIENT_ID = "c7e0f4ab-3d5c-4a57-9f0e-2f7d6b8c9403"
OPERATOR_CLIENT_SECRET = "local-only-operator-secret"  # noqa: S105 - likewise
OPERATOR_APPLICATION_NAME = "Caleta Review Desk"
"""Where reviewers sign in: registered in our own tenant for that tenant alone, and approved there."""

CALLBACK_PATHS = {
    CLIENT_ID: ("/consent/callback", "/consent/admin/callback"),
    OPERATOR_CLIENT_ID: ("/desk/callback",),
}


def application_name(client_id: str) -> str:
    """What people read at the sign-in."""
    return OPERATOR_APPLICATION_NAME if client_id == OPERATOR_CLIENT_ID else APPLICATION_NAME


def redirect_uris(app_urls: tuple[str, ...], client_id: str) -> tuple[str, ...]:
    """The registered redirect addresses of an application served at these URLs."""
    return tuple(f"{url.rstrip('/')}{path}" for url in app_urls for path in CALLBACK_PATHS[client_id])
