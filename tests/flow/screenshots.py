"""`python3 -m tests.flow.screenshots FOLDER`: a picture of every page, wide and narrow, to be looked at by a person."""

import sys
import tempfile
from pathlib import Path

from tests.prepared import announced, continue_prepared, say

if __name__ == "__main__":
    continue_prepared("tests.flow.screenshots")

from playwright.sync_api import FloatRect, sync_playwright

from tests.flow.conftest import BROWSER_ARGUMENTS
from tests.flow.looks import WIDTHS
from tests.flow.tour import Tour
from tests.flow.walking import local_run
from tests.machine import find_browser

TALLEST = 15_000
"""In pixels: Chromium takes no picture of a page that is much longer."""


def main(folder: Path) -> None:
    """Take the pictures; each file is named when it is there."""
    browser_path = find_browser()
    if browser_path is None:
        sys.exit("No Chromium was found and none could be installed: set BROWSER to its path.")
    folder.mkdir(parents=True, exist_ok=True)
    with (
        announced("pictures of every page", "about 2 minutes"),
        tempfile.TemporaryDirectory() as data,
        local_run(Path(data), size="small") as run,
        sync_playwright() as driver,
    ):
        browser = driver.chromium.launch(executable_path=browser_path, args=list(BROWSER_ARGUMENTS))
        tour = Tour(browser, run)
        for stop in tour.stops():
            stop.reach()
            for width in WIDTHS:
                stop.page.set_viewport_size({"width": width, "height": 900})
                picture = folder / f"{stop.name}-{width}.png"
                tall = min(stop.page.evaluate("document.documentElement.scrollHeight"), TALLEST)
                clip = FloatRect(x=0, y=0, width=width, height=tall)
                stop.page.screenshot(path=picture, full_page=True, clip=clip)
                say(str(picture))
        tour.close()


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("Name the folder for the pictures: python3 -m tests.flow.screenshots FOLDER")
    main(Path(sys.argv[1]))
