"""A user at a real browser."""

import re

from playwright.sync_api import APIResponse, Browser, BrowserContext, Page, expect

from tests.flow.conftest import App

SCAN_MILLISECONDS = 120_000
OVERVIEW = re.compile(r"/scans/[0-9a-f-]{36}$")


class Person:
    """A user at a browser. `syntax_errors` holds all that the browser's console said against our pages."""

    def __init__(self, browser: Browser, app: App, *, scripts: bool = True) -> None:
        self.app = app
        self.context: BrowserContext = browser.new_context(java_script_enabled=scripts)
        self.page: Page = self.context.new_page()
        self.syntax_errors: list[str] = []
        self.page.on("console", lambda said: self.syntax_errors.append(said.text) if said.type == "error" else None)
        self.page.on("pageerror", lambda error: self.syntax_errors.append(str(error)))

    def opens(self, path: str) -> int:
        answer = self.page.goto(f"{self.app.url}{path}")
        assert answer is not None
        return answer.status

    def picks(self, username: str, tenant: str | None = None) -> None:
        """From the landing page to Entra, as this user."""
        self.opens("/")
        if tenant is not None:
            self.page.get_by_text("I am a guest").click()
            self.page.get_by_label("Tenant ID or domain").fill(tenant)
        self.page.get_by_role("button", name="Start a review").click()
        expect(self.page.get_by_role("heading", name="Redirecting to Microsoft")).to_have_count(0)
        if self.page.locator("button[name=username]").count():
            self.page.locator(f"button[name=username][value='{username}']").click()

    def signs_in_to_read(self, username: str) -> None:
        """From a page that offers it, as a user who is asked for no Azure permission."""
        self.page.get_by_role("button", name="Sign in with Microsoft").click()
        self.page.locator(f"button[name=username][value='{username}']").click()
        accept = self.page.locator("button[name=decision][value=accept]")
        if accept.count():
            accept.click()

    def decides(self, decision: str = "accept") -> None:
        self.page.locator(f"button[name=decision][value={decision}]").click()

    def reaches_the_report(self) -> None:
        """A watched scan opens its overview by itself, at the same address."""
        expect(self.page.locator(".report")).to_be_visible(timeout=SCAN_MILLISECONDS)
        self.page.wait_for_url(OVERVIEW)

    def heading(self) -> str:
        return self.page.locator("h1").inner_text()

    def signs_in_at_the_desk(self, username: str) -> None:
        self.opens("/desk/sign-in")
        self.page.get_by_role("button", name="Sign in to the review desk").click()
        self.page.locator(f"button[name=username][value='{username}']").click()
        expect(self.page.get_by_role("heading", name="Reviews", level=1)).to_be_visible()

    def sends(self, path: str, **fields: str) -> APIResponse:
        """A form of one of our pages, without the page; redirects are followed."""
        headers = {"Origin": self.app.url, "Sec-Fetch-Site": "same-origin"}
        return self.context.request.post(f"{self.app.url}{path}", form=dict(fields), headers=headers)
