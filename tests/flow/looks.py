"""What can be measured of how a page looks and whom it serves: contrast, names, axe, whether it fits its window."""

from typing import Literal

from playwright.sync_api import Page

from tests.flow.axe import violations

WIDTHS = (1280, 390)
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")

LOW_CONTRAST = """
() => {
  const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const rgba = (text) => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = text;
    canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data];
  };
  const luminance = ([r, g, b]) => {
    const linear = [r, g, b].map((v) => v / 255).map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4));
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2];
  };
  const behind = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const colour = rgba(getComputedStyle(at).backgroundColor);
      if (colour[3] === 255) return colour;
    }
    return [255, 255, 255, 255];
  };
  const found = new Set();
  for (const element of document.querySelectorAll("body *")) {
    const text = [...element.childNodes].filter((node) => node.nodeType === 3).map((node) => node.data.trim()).join("");
    const style = getComputedStyle(element);
    if (!text || !element.getClientRects().length || element.localName === "title") continue;
    const ink = rgba(element instanceof SVGElement ? style.fill : style.color);
    const pair = [luminance(ink), luminance(behind(element))].sort((a, b) => b - a);
    const ratio = (pair[0] + 0.05) / (pair[1] + 0.05);
    const size = parseFloat(style.fontSize);
    const isLarge = size >= 24 || (size >= 18.66 && parseInt(style.fontWeight) >= 700);
    if (ratio < (isLarge ? 3 : 4.5)) found.add(`${element.localName}: ${ratio.toFixed(2)} ${text.slice(0, 40)}`);
  }
  return [...found];
}
"""
"""Texts below WCAG's AA contrast: https://www.w3.org/TR/WCAG22/#contrast-minimum"""


def low_contrast(page: Page) -> list[str]:
    """Texts that are too faint, each with its ratio."""
    found: list[str] = page.evaluate(LOW_CONTRAST)
    return found


def sideways_scroll(page: Page) -> int:
    """By how many pixels the page is wider than its window."""
    wider: int = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return wider


def without_name(page: Page) -> list[str]:
    """Controls that a screen reader could not name."""
    found: list[str] = page.evaluate(
        """() => [...document.querySelectorAll("a, button, input:not([type=hidden]), progress, [role=img]")]
            .filter((one) => !(one.innerText || one.ariaLabel || (one.labels && one.labels.length) || one.title))
            .map((one) => one.outerHTML.slice(0, 80))"""
    )
    return found


def faults(page: Page) -> list[str]:
    """What is wrong with the page as it stands: wide and narrow, light and dark, folded and unfolded."""
    found = [f"folded, at {width} px: {wider} px too wide" for width in WIDTHS if (wider := _width(page, width))]
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    for scheme, width in zip(SCHEMES, WIDTHS, strict=True):
        wider = _width(page, width)
        page.emulate_media(color_scheme=scheme)
        found += [f"unfolded, at {width} px: {wider} px too wide"] if wider else []
        found += [f"{scheme}: {fault}" for fault in (*low_contrast(page), *without_name(page), *violations(page))]
    page.emulate_media(color_scheme="light")
    return found


def _width(page: Page, width: int) -> int:
    page.set_viewport_size({"width": width, "height": 900})
    return sideways_scroll(page)
