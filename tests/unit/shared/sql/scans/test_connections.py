from datetime import timedelta

import pytest

from shared.core.audit import SYSTEM
from shared.core.models import Connection, ConnectionState
from tests.unit.shared.sql.store import NOW, OTHER_TENANT, OTHER_USER, TENANT, USER, Store


def consent(store: Store, token: bytes = b"first", tenant_id: str = TENANT) -> Connection:
    store.connections.save(tenant_id, USER, "owner@contoso.example", token, NOW)
    return current(store, tenant_id)


def current(store: Store, tenant_id: str = TENANT) -> Connection:
    found = store.connections.get(tenant_id, USER)
    assert found is not None
    return found


def test_a_consent_is_read_back_as_it_was_saved(store: Store) -> None:
    assert consent(store) == Connection(
        TENANT, USER, "owner@contoso.example", ConnectionState.ACTIVE, None, None, b"first", 1, NOW
    )


def test_consents_are_distinguished_by_tenant_and_by_user(store: Store) -> None:
    consent(store)
    assert store.connections.get(OTHER_TENANT, USER) is None
    assert store.connections.get(TENANT, OTHER_USER) is None


def test_a_second_consent_replaces_the_token_and_forgets_the_trouble_before_it(store: Store) -> None:
    consent(store)
    store.connections.require_sign_in(TENANT, USER, "AADSTS50173", "{}", at=NOW)
    later = NOW + timedelta(days=3)
    store.connections.save(TENANT, USER, "new.name@contoso.example", b"second", later)
    assert current(store) == Connection(
        TENANT, USER, "new.name@contoso.example", ConnectionState.ACTIVE, None, None, b"second", 3, later
    )


def test_of_two_refreshes_at_once_only_the_first_is_kept(store: Store) -> None:
    version = consent(store).version
    assert store.connections.replace_refresh_token(TENANT, USER, b"second", version)
    assert not store.connections.replace_refresh_token(TENANT, USER, b"third", version)
    assert current(store).refresh_token_encrypted == b"second"


def test_a_refresh_touches_no_other_tenant(store: Store) -> None:
    version = consent(store).version
    consent(store, tenant_id=OTHER_TENANT)
    store.connections.replace_refresh_token(TENANT, USER, b"second", version)
    assert current(store, OTHER_TENANT).refresh_token_encrypted == b"first"


@pytest.mark.parametrize("claims", [None, '{"access_token":{"nbf":{"essential":true,"value":"1"}}}'])
def test_a_refused_token_is_deleted_with_the_reason_and_the_claims_kept(store: Store, claims: str | None) -> None:
    consent(store)
    store.connections.require_sign_in(TENANT, USER, "AADSTS50173", claims, at=NOW)
    found = current(store)
    assert (found.state, found.state_reason) == (ConnectionState.SIGN_IN_NEEDED, "AADSTS50173")
    assert found.claims_challenge == claims
    assert found.refresh_token_encrypted is None


def test_disconnecting_deletes_the_token(store: Store) -> None:
    consent(store)
    store.connections.disconnect(TENANT, USER, by=SYSTEM, at=NOW)
    assert (current(store).state, current(store).refresh_token_encrypted) == (ConnectionState.DISCONNECTED, None)


def test_a_refresh_that_was_under_way_does_not_bring_a_disconnected_token_back(store: Store) -> None:
    version = consent(store).version
    store.connections.disconnect(TENANT, USER, by=SYSTEM, at=NOW)
    assert not store.connections.replace_refresh_token(TENANT, USER, b"second", version)
    assert not store.connections.replace_refresh_token(TENANT, USER, b"second", version + 1)
    assert current(store).refresh_token_encrypted is None


def test_who_has_disconnected_is_not_asked_to_sign_in_again(store: Store) -> None:
    consent(store)
    store.connections.disconnect(TENANT, USER, by=SYSTEM, at=NOW)
    store.connections.require_sign_in(TENANT, USER, "AADSTS50173", at=NOW)
    assert current(store).state is ConnectionState.DISCONNECTED


def test_a_reason_longer_than_its_column_is_cut(store: Store) -> None:
    consent(store)
    store.connections.require_sign_in(TENANT, USER, "x" * 1_000, at=NOW)
    assert current(store).state_reason == "x" * 399 + "…"
