"""Reviewers' Markdown as HTML that can do no harm: no HTML of its own, no images, links to the web only."""

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
"""A finding stands below the page's own headings of three levels."""


def markdown(text: str) -> Markup:
    """The text as HTML; what looks like HTML in it is shown as text."""
    return Markup(reader().render(text))  # noqa: S704 - the reader escapes all text and writes no foreign attribute


@cache
def reader() -> MarkdownIt:
    """CommonMark with tables, without HTML and images."""
    made = MarkdownIt("commonmark", {"html": False}).enable("table").disable(["image", "html_block", "html_inline"])
    made.validateLink = is_safe_link  # type: ignore[method-assign]
    made.add_render_rule("link_open", link_open)
    made.add_render_rule("heading_open", heading)
    made.add_render_rule("heading_close", heading)
    return made


def is_safe_link(url: str) -> bool:
    """Whether a link leads to the web or to a mailbox; anything else stays text."""
    try:
        return urlsplit(url.strip()).scheme.lower() in SAFE_SCHEMES
    except ValueError:
        return False


def link_open(
    renderer: RendererHTML,
    tokens: Sequence[Token],
    place: int,
    options: OptionsDict,
    env: MutableMapping[str, Any],
) -> str:
    """A link tells its target nothing about us and gets no hold of our page."""
    tokens[place].attrSet("rel", "noopener noreferrer nofollow")
    return renderer.renderToken(tokens, place, options, env)


def heading(
    renderer: RendererHTML,
    tokens: Sequence[Token],
    place: int,
    options: OptionsDict,
    env: MutableMapping[str, Any],
) -> str:
    """A heading of the text, below those of the page."""
    level = int(tokens[place].markup.count("#") or (1 if tokens[place].markup == "=" else 2))
    tokens[place].tag = f"h{min(level + HEADING_LEVELS_DOWN, 6)}"
    return renderer.renderToken(tokens, place, options, env)
