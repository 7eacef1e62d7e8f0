"""A user who has a keyboard and no mouse."""

from playwright.sync_api import Page

MAX_STOPS = 80
FOCUSED = """
() => {
  const here = document.activeElement;
  const style = getComputedStyle(here);
  const box = here.getBoundingClientRect();
  const isOutlined = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
  const name = (here.labels?.[0]?.innerText || here.innerText || here.ariaLabel || "").trim();
  return {
    name: name.replace(/\\s+/g, " "),
    seen: isOutlined && box.width > 0 && box.bottom > 0 && box.top < innerHeight,
  };
}
"""


def tabs_to(page: Page, name: str) -> list[str]:
    """Tab, until what is called so has the focus; the names on the way. Each stop has to be seen."""
    page.emulate_media(reduced_motion="reduce")
    stops: list[str] = []
    while not (stops and stops[-1].startswith(name)):
        assert len(stops) < MAX_STOPS, f"{name} cannot be reached: {stops}"
        page.keyboard.press("Tab")
        stop = page.evaluate(FOCUSED)
        assert stop["seen"], f"the focus on {stop['name']!r} cannot be seen"
        stops.append(str(stop["name"]))
    return stops
