"""The sign-in pages of the simulated Entra: plain HTML that works without a script."""

from collections.abc import Iterable
from html import escape

from simulator.entra.errors import catalogue, description
from simulator.exchange import Response, html_response
from simulator.people import Directory, Person
from simulator.world import World

STYLE = """
body{font:16px/1.5 system-ui,sans-serif;margin:0;background:#f2f2f2;color:#1b1b1b}
main{max-width:32rem;margin:2rem auto;padding:1.5rem;background:#fff;border:1px solid #c8c8c8}
h1{font-size:1.4rem;margin:.25rem 0 1rem}ul{padding-left:1.2rem}
button,a.button{display:block;width:100%;box-sizing:border-box;margin:.5rem 0;padding:.6rem .8rem;font:inherit;
text-align:left;border:1px solid #6b6b6b;background:#fff;color:#1b1b1b;cursor:pointer;text-decoration:none}
button:hover,button:focus-visible,a.button:focus-visible{outline:3px solid #0067b8;outline-offset:1px}
button.primary{background:#0067b8;border-color:#0067b8;color:#fff}small{color:#5c5c5c;display:block}
.note{font-size:.85rem;color:#5c5c5c;border-top:1px solid #c8c8c8;margin-top:1.5rem;padding-top:.75rem}
.error{overflow-wrap:anywhere}
"""
NOTE = "This is a simulated Microsoft Entra ID on this machine. No account and no password is real."
SECURITY = (
    ("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"),
    ("Cache-Control", "no-store"),
    ("Referrer-Policy", "strict-origin-when-cross-origin"),
    ("X-Content-Type-Options", "nosniff"),
)


def page(status: int, title: str, content: str) -> Response:
    """A whole page around this content, with Entra's headers."""
    html = (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><title>{escape(title)}</title>'
        f"<style>{STYLE}</style></head><body><main><small>Simulated Microsoft</small><h1>{escape(title)}</h1>"
        f'{content}<p class="note">{NOTE}</p></main></body></html>'
    )
    return html_response(status, html, SECURITY)


def form(action: str, fields: dict[str, str], content: str) -> str:
    """A form that posts these hidden fields and what its content adds."""
    hidden = "".join(
        f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">' for name, value in fields.items()
    )
    return f'<form method="post" action="{escape(action)}">{hidden}{content}</form>'


def button(name: str, value: str, label: str, *, primary: bool = False, about: str = "") -> str:
    """A button that sends name=value; `about` stands below its label."""
    kind = ' class="primary"' if primary else ""
    small = f"<small>{escape(about)}</small>" if about else ""
    return f'<button name="{name}" value="{escape(value)}"{kind}>{escape(label)}{small}</button>'


def account_page(
    world: World, action: str, hint: str | None, client_id: str, tenant: Directory | None = None
) -> Response:
    """Pick an account: one button a person, named `username`; the hinted one first, then the named tenant's."""

    def place(person: Person) -> tuple[bool, bool]:
        return person.username != hint, tenant is not None and tenant.tenant_id not in person.object_ids

    people: Iterable[Person] = sorted(world.configuration.people, key=place)
    application = world.configuration.applications[client_id]
    buttons = "".join(button("username", person.username, person.username, about=person.about) for person in people)
    return page(200, "Pick an account", form(action, {}, f"<p>to continue to {escape(application.name)}</p>{buttons}"))


def consent_page(
    world: World, action: str, person: Person, scopes: Iterable[str], *, for_tenant: Directory | None = None
) -> Response:
    """Permissions requested: buttons named `decision` with `accept` and `cancel`."""
    asked = "".join(f"<li>{escape(line)}</li>" for line in map(_permission, scopes) if line)
    whom = f" for all users of {for_tenant.name}" if for_tenant else ""
    organisation = (
        '<p><label><input type="checkbox" name="for_organisation" value="yes"> '
        "Consent on behalf of your organization</label></p>"
        if person.is_admin and not for_tenant
        else ""
    )
    application = world.configuration.application
    content = (
        f"<p>{escape(person.username)}</p><p><strong>{escape(application.name)}</strong>"
        f"<br>{escape(application.publisher)} (verified)</p>"
        f"<p>This application would like to{whom}:</p><ul>{asked}</ul>{organisation}"
        "<p>Accepting these permissions means that you allow this app to use your data as specified in its terms of "
        "service and privacy statement. You can change these permissions at https://myapps.microsoft.com.</p>"
        + button("decision", "accept", "Accept", primary=True)
        + button("decision", "cancel", "Cancel")
    )
    title = "Permissions requested" + (" for your organization" if for_tenant else "")
    return page(200, title, form(action, {"username": person.username}, content))


def _permission(scope: str) -> str:
    if scope.startswith("https://"):
        return "Access Azure Resource Manager as you (user_impersonation, Azure Service Management)"
    names = {"openid": "Sign you in", "profile": "View your basic profile", "email": "View your email address"}
    return names.get(scope, "Maintain access to data you have given it access to")


def approval_page(world: World, person: Person, return_url: str) -> Response:
    """Need admin approval, with the way back to the app."""
    name = escape(world.configuration.application.name)
    content = (
        f"<p>{escape(person.username)}</p><p><strong>{name}</strong></p>"
        f"<p>{name} needs permission to access resources in your organization that only an admin can "
        "grant. Please ask an admin to grant permission to this app before you can use it.</p>"
        f'<a class="button" href="{escape(return_url)}">Return to the application without granting consent</a>'
    )
    return page(200, "Need admin approval", content)


def error_page(world: World, code: int, **values: str) -> Response:
    """An error that Entra shows on its own page, so that the app does not learn of it."""
    zero = "00000000-0000-0000-0000-000000000000"
    text = description(world, code, values, zero, zero).split("\r\n", 1)[0]
    content = f'<p>Sorry, but we&#39;re having trouble signing you in.</p><p class="error">{escape(text)}</p>'
    return page(catalogue()[code].status if code == 90002 else 200, "Sign in", content)
