"""Render reviewers' Markdown as safe HTML: no raw HTML, no images, web and mail links only."""

from collections.abc import MutableMapping, Sequence
from functools import cache
from typing import Any
from urllib.parse import urlsplit

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import OptionsDict
from markupsafe import Markup

SAFE_SCHEMES = ("https", "http", "mailto")
HEADING_LEVELS_DOWN = 3
"""Findings are below the page's own three heading levels."""


def markdown(text: str) -> Markup:
    """Return the text as HTML; HTML in the source is shown as text."""
    return Markup(reader().render(text))  # noqa: S704 - the reader escapes all text and writes no foreign attribute


@cache
def reader() -> MarkdownIt:
    """Return a CommonMark renderer with tables, without HTML and images."""
    made = MarkdownIt("commonmark", {"html": False}).enable("table").disable(["image", "html_block", "html_inline"])
    made.validateLink = is_safe_link  # type: ignore[method-assign]
    made.add_render_rule("link_open", link_open)
    made.add_render_rule("heading_open", heading)
    made.add_render_rule("heading_close", heading)
    return made


def is_safe_link(url: str) -> bool:
    """Return whether a link is a web or mail link; anything else stays text."""
    try:
        return urlsplit(url.strip()).scheme.lower() in SAFE_SCHEMES
    except ValueError:
        return False


def link_open(
    renderer: RendererHTML,
    tokens: Sequence[Token],
    index: int,
    options: OptionsDict,
    env: MutableMapping[str, Any],
) -> str:
    """Render a link that sends no referrer and has no access to our page."""
    tokens[index].attrSet("rel", "noopener noreferrer nofollow")
    return renderer.renderToken(tokens, index, options, env)


def heading(
    renderer: RendererHTML,
    tokens: Sequence[Token],
    index: int,
    options: OptionsDict,
    env: MutableMapping[str, Any],
) -> str:
    """Render a heading below the page's own levels."""
    level = int(tokens[index].markup.count("#") or (1 if tokens[index].markup == "=" else 2))
    tokens[index].tag = f"h{min(level + HEADING_LEVELS_DOWN, 6)}"
    return renderer.renderToken(tokens, index, options, env)
