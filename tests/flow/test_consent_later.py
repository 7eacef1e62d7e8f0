"""What becomes of a consent: revoked, challenged, signed out, disconnected, approved by an administrator."""

from pathlib import Path
from urllib.parse import urlencode, urlsplit

import pytest

from local.run import Run
from shared.core.errors import ClaimsChallenge, ConsentRevoked
from shared.core.models import ConnectionState
from simulator.people import BY_USERNAME, CONTOSO
from tests.flow.walking import Walker, connection, ended, is_scan, local_run, simulate, state

CHALLENGE = '{"access_token":{"acrs":{"essential":true,"value":"c1"}}}'


def test_a_revoked_grant_is_noticed_and_signing_in_again_fixes_it(run: Run, walker: Walker) -> None:
    ended(walker, walker.sign_in("owner@contoso.example"))
    user = BY_USERNAME["owner@contoso.example"].object_ids[CONTOSO.tenant_id]
    simulate(run, "revoke", username="owner@contoso.example", code=50173)
    tokens = run.services.tokens.for_user(CONTOSO.tenant_id, user)
    tokens.access_token()
    with pytest.raises(ConsentRevoked, match="AADSTS50173"):
        tokens.access_token(renew=True)
    found = connection(run, "owner@contoso.example")
    assert found is not None
    assert (found.state, found.refresh_token_encrypted) == (ConnectionState.SIGN_IN_NEEDED, None)
    assert is_scan(walker.sign_in("owner@contoso.example"))
    assert state(run, "owner@contoso.example") is ConnectionState.ACTIVE


def test_a_claims_challenge_is_met_silently_or_else_at_the_next_sign_in(run: Run) -> None:
    walker = Walker(run)
    ended(walker, walker.sign_in("owner@contoso.example"))
    user = BY_USERNAME["owner@contoso.example"].object_ids[CONTOSO.tenant_id]
    tokens = run.services.tokens.for_user(CONTOSO.tenant_id, user)
    assert tokens.access_token(claims_challenge=CHALLENGE)
    simulate(run, "faults", claims_need_sign_in=True)
    with pytest.raises(ClaimsChallenge):
        tokens.access_token(claims_challenge=CHALLENGE)
    simulate(run, "faults", claims_need_sign_in=False)
    stranger = Walker(run)
    page = stranger.press(stranger.start(), "username", "owner@contoso.example")
    assert is_scan(stranger.press(page, "username", "owner@contoso.example"))
    assert sum("/consent/callback" in url for url in stranger.visited) == 2
    found = connection(run, "owner@contoso.example")
    assert found is not None
    assert (found.state, found.claims_challenge) == (ConnectionState.ACTIVE, None)


def test_the_next_sign_in_fixes_a_scan_that_azure_challenges(run: Run) -> None:
    walker = Walker(run)
    ended(walker, walker.sign_in("owner@contoso.example"))
    simulate(run, "faults", claims_challenge=True, claims_need_sign_in=True)
    blocked = ended(walker, walker.rescan())
    assert "Sign in again" in blocked.text
    assert state(run, "owner@contoso.example") is ConnectionState.SIGN_IN_NEEDED
    page = ended(walker, walker.sign_in("owner@contoso.example"))
    assert ">Complete</span>" in walker.open(f"{page.url}/coverage").text
    simulate(run, "faults", claims_challenge=False, claims_need_sign_in=False)


def test_signing_out_ends_the_session_only(run: Run, walker: Walker) -> None:
    page = walker.sign_in("owner@contoso.example")
    form = page.form_to("/signout")
    assert form is not None
    assert urlsplit(walker.submit(page, form).url).path == "/"
    assert walker.open(f"{run.options.base_url}/scans").status == 401
    assert state(run, "owner@contoso.example") is ConnectionState.ACTIVE


def test_disconnecting_deletes_the_token_and_ends_every_session(run: Run) -> None:
    elsewhere, walker = Walker(run), Walker(run)
    elsewhere.sign_in("owner@contoso.example")
    walker.sign_in("owner@contoso.example")
    page = walker.open(f"{run.options.base_url}/disconnect")
    form = page.form_to("/disconnect")
    assert form is not None
    after = walker.submit(page, form)
    assert (after.status, after.heading) == (200, "You are disconnected")
    found = connection(run, "owner@contoso.example")
    assert found is not None
    assert (found.state, found.refresh_token_encrypted) == (ConnectionState.DISCONNECTED, None)
    for browser in (walker, elsewhere):
        assert browser.open(f"{run.options.base_url}/scans").status == 401
    assert is_scan(walker.sign_in("owner@contoso.example"))


def test_who_must_ask_an_admin_gets_the_link_and_may_come_in_after_the_approval(tmp_path: Path) -> None:
    with local_run(tmp_path) as run:
        member, admin = Walker(run), Walker(run)
        stopped = member.press(member.start(tenant="contoso.example"), "username", "member@contoso.example")
        back = stopped.text.split('class="button" href="')[1].split('"')[0].replace("&amp;", "&")
        page = member.open(back)
        assert (page.status, page.heading) == (403, "Your administrator must approve the app first")
        link = f"{run.options.base_url}/consent/admin?{urlencode({'tenant': 'contoso.example'})}"
        assert f'value="{link}"' in page.text

        explained = admin.open(link)
        form = explained.form_to("/consent/admin")
        assert form is not None
        asked = admin.press(admin.submit(explained, form), "username", "admin@contoso.example")
        thanks = admin.press(asked, "decision", "accept")
        assert (thanks.status, thanks.heading) == (200, "Microsoft reports that you approved the app")
        assert connection(run, "admin@contoso.example") is None

        assert is_scan(member.sign_in("member@contoso.example"))
        assert connection(run, "member@contoso.example") is not None
