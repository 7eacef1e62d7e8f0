"""Signs a sample user in and consents, the way a browser does."""

import re
from urllib.parse import urlsplit

from local.browser import Browser, Page
from local.refusals import CannotRun

SCAN_PATH = re.compile(r"/scans/([0-9a-f-]{36})")


def consent(browser: Browser, base_url: str, username: str) -> str:
    """Return the id of the scan that the consent started; raises CannotRun where Entra or the app refuses."""
    start = browser.open(f"{base_url}/")
    form = start.form_to("/consent/start")
    if form is None:
        raise CannotRun(f"The start page has no form to sign in with (status {start.status}).")
    page = browser.submit(start, form)
    page = _press(browser, page, "username", username)
    page = _press(browser, page, "decision", "accept")
    found = SCAN_PATH.fullmatch(urlsplit(page.url).path)
    if not found or page.status != 200:
        raise CannotRun(f"{username} did not get to a scan: “{page.heading}” (status {page.status}).")
    return found[1]


def _press(browser: Browser, page: Page, name: str, value: str) -> Page:
    """Press a button if the page has it; consent is asked for once, so a later visit lacks it."""
    form = page.form_with(name)
    return page if form is None else browser.submit(page, form, **{name: value})
