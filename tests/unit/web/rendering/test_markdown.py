import pytest

from web.rendering.markdown import markdown


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "a <img src=x onerror=alert(1)> b",
        "[x](javascript:alert(1))",
        "[x](JaVaScRiPt:alert(1))",
        "[x](&#106;avascript:alert(1))",
        "[x](java\tscript:alert(1))",
        "[x](data:text/html;base64,PHNjcmlwdD4=)",
        "[x](vbscript:msgbox)",
        "<javascript:alert(1)>",
        "[a]\n\n[a]: javascript:alert(1)",
        '[x](https://a.example/" onmouseover="alert(1))',
        "![x](https://tracker.example/pixel.png)",
        "[x](//evil.example)",
        "[x](file:///etc/passwd)",
        "<svg/onload=alert(1)>",
        "`<script>`\n\n```\n<script>\n```",
    ],
)
def test_nothing_that_is_written_becomes_active(text: str) -> None:
    html = str(markdown(text)).lower()
    for start in (
        "<script",
        "<img",
        "<svg",
        'href="javascript',
        'href="data',
        'href="vbscript',
        'href="file',
        'href="//',
    ):
        assert start not in html
    assert "onerror=alert(1)>" not in html.replace("&gt;", "")
    assert '" onmouseover="' not in html


def test_a_link_to_the_web_gets_no_hold_of_our_page() -> None:
    html = str(markdown("[docs](https://learn.microsoft.com/azure) and [mail](mailto:a@b.example)"))
    assert html.count('rel="noopener noreferrer nofollow"') == 2


def test_headings_stand_below_the_pages_own() -> None:
    assert "<h4>One</h4>" in markdown("# One")
    assert "<h6>Five</h6>" in markdown("##### Five")
    assert "<h4>Under</h4>" in markdown("Under\n=====")


def test_tables_lists_and_emphasis_are_shown() -> None:
    html = markdown("**b**\n\n- one\n\n|a|b|\n|-|-|\n|1|2|")
    assert all(tag in html for tag in ("<strong>", "<li>", "<table>"))
