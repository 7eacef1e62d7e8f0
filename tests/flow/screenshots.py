"""`python -m tests.flow.screenshots FOLDER`: a picture of every page, wide and narrow, to be looked at by a person."""

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.flow.conftest import BROWSER_ARGUMENTS
from tests.flow.looks import WIDTHS
from tests.flow.tour import Tour
from tests.flow.walking import local_run
from tests.machine import find_browser


def main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as data, local_run(Path(data), size="small") as run, sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=find_browser(), args=list(BROWSER_ARGUMENTS))
        tour = Tour(browser, run)
        for stop in tour.stops():
            stop.reach()
            for width in WIDTHS:
                stop.page.set_viewport_size({"width": width, "height": 900})
                stop.page.screenshot(path=folder / f"{stop.name}-{width}.png", full_page=True)
        tour.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
