import pytest

from shared.identity.consent import ConsentFailed
from shared.identity.failures import SignInProblem
from tests.support.signing_in import SigningIn
from web.customer.sign_in_errors import PAGES, failure_page


def test_every_problem_has_a_page_of_its_own() -> None:
    assert set(PAGES) == set(SignInProblem)
    assert len({page.heading for page in PAGES.values()}) == len(SignInProblem)


@pytest.mark.parametrize("problem", SignInProblem)
def test_each_page_says_what_happened_and_what_to_do_next(site: SigningIn, problem: SignInProblem) -> None:
    response = failure_page(ConsentFailed(problem, "invalid_grant AADSTS50173", "contoso.example"), site.parts)
    text = response.body.decode()
    assert response.status in range(400, 600)
    assert PAGES[problem].next_steps
    assert "What to do next" in text
    assert 'action="/consent/start"' in text
    assert 'value="contoso.example"' in text


@pytest.mark.parametrize("problem", SignInProblem)
def test_no_page_shows_numbers_or_names_of_the_protocol(site: SigningIn, problem: SignInProblem) -> None:
    text = failure_page(ConsentFailed(problem, "invalid_grant AADSTS50173", None), site.parts).body.decode()
    for jargon in ("AADSTS", "invalid_grant", "OAuth", "token endpoint", "access_denied"):
        assert jargon not in text


def test_only_faults_that_are_not_the_customers_are_503_and_say_when_to_come_back(site: SigningIn) -> None:
    unavailable = {
        problem: failure_page(ConsentFailed(problem), site.parts).headers.get("Retry-After")
        for problem in SignInProblem
        if PAGES[problem].status >= 500
    }
    assert unavailable == {SignInProblem.OUR_FAULT: "60", SignInProblem.ENTRA_DOWN: "60"}


@pytest.mark.parametrize("problem", [each for each in SignInProblem if each is not SignInProblem.DECLINED])
def test_microsofts_number_is_shown_for_the_administrator(site: SigningIn, problem: SignInProblem) -> None:
    text = failure_page(ConsentFailed(problem, "access_denied AADSTS53003 AADSTS7"), site.parts).body.decode()
    assert "Error number from Microsoft: 53003" in text
    assert "Error number" not in failure_page(ConsentFailed(problem), site.parts).body.decode()


def test_a_user_who_declined_is_shown_no_number(site: SigningIn) -> None:
    page = failure_page(ConsentFailed(SignInProblem.DECLINED, "access_denied AADSTS65004"), site.parts)
    assert "65004" not in page.body.decode()


def test_a_tenant_without_azure_is_not_our_side(site: SigningIn) -> None:
    text = failure_page(
        ConsentFailed(SignInProblem.NO_AZURE, "invalid_resource AADSTS500011"), site.parts
    ).body.decode()
    assert "This organisation has no Azure" in text
    assert "our side" not in text
