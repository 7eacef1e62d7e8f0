"""Our app registrations, our tenant and our reviewers, as the simulated tenant is configured with them.

The secrets protect nothing: the simulated tenant listens on 127.0.0.1 only.
"""

from simulator.configuration import Application, Configuration, MailClient, Operator, Operators
from web.privacy.permissions_text import APP
from web.rendering.pages import COMPANY

REGISTRATION = Configuration(
    application=Application(
        name=APP,
        client_id="5a3f6d52-7d0c-4c5e-9d6b-0c1f8a7be201",
        client_secret="local-only-client-secret",  # noqa: S106 - it opens nothing but the simulation
        redirect_paths=("/consent/callback", "/consent/admin/callback", "/sign-in/callback"),
        publisher=COMPANY,
    ),
    operators=Operators(
        domain="caleta.example",
        name=COMPANY,
        application=Application(
            name="Caleta Review Desk",
            client_id="c7e0f4ab-3d5c-4a57-9f0e-2f7d6b8c9403",
            client_secret="local-only-operator-secret",  # noqa: S106 - likewise
            redirect_paths=("/desk/callback",),
        ),
        people=(
            Operator("reviewer", "Rosa Reviewer", "reviews scans at the desk (app role Reviewer)", ("Reviewer",)),
            Operator("lead", "Leo Lead", "reviews and administers at the desk (app role Admin)", ("Admin",)),
            Operator("intruder", "Ivo Intruder", "is in our tenant but has no role at the desk"),
        ),
    ),
    mail=MailClient("b9a4c0de-2f0b-4a3c-8a5e-4b6a1f1dc302", "local-only-mail-secret", "reviews@caleta.example"),
)

REVIEWERS_MAILBOX = "reviewers@caleta.example"
"""Notified of new scans, and of reviews that no reviewer has taken."""
