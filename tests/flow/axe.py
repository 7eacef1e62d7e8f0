"""axe-core, Deque's checker of what can be used by everybody, in a page of a test's browser.

https://github.com/dequelabs/axe-core/blob/develop/doc/API.md
"""

from typing import Any

from playwright.sync_api import Page

from tests.support.npm import installed

VERSION = "4.14.1"
TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
RUN = "tags => axe.run(document, {runOnly: {type: 'tag', values: tags}, resultTypes: ['violations']})"


def bring_axe(page: Page) -> None:
    """Every document that the page loads from now on has axe.

    It comes by the debugging protocol, which no Content-Security-Policy concerns: the pages keep theirs.
    """
    page.add_init_script(path=installed("axe-core", VERSION, "axe.min.js"))


def violations(page: Page) -> list[str]:
    """What axe has against the page as it stands, each with the element."""
    found: dict[str, Any] = page.evaluate(RUN, list(TAGS))
    return [f"{one['id']}: {node['html'][:160]}" for one in found["violations"] for node in one["nodes"]]
