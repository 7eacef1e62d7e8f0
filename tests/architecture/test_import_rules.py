"""Who may import whom (the map is in README)."""

import ast

import pytest

from tests.architecture.tree import Module, modules, shipped

ROOMS = ("collectors", "findings", "notifications", "retention", "web")
LOWER_SHARED = ("arm", "identity", "sql")


def imports_of(module: Module, *prefixes: str) -> list[str]:
    return sorted(
        name for name in module.imports for prefix in prefixes if name == prefix or name.startswith(prefix + ".")
    )


def parametrize(chosen: list[Module]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("module", chosen, ids=lambda module: module.name)


@parametrize([module for module in shipped() if module.room in ROOMS])
def test_rooms_do_not_import_each_other(module: Module) -> None:
    others = [room for room in (*ROOMS, "local", "simulator", "tools", "tests", "function_app") if room != module.room]
    assert imports_of(module, *others) == []


@parametrize([module for module in shipped() if module.room == "shared"])
def test_shared_imports_no_room(module: Module) -> None:
    assert imports_of(module, *ROOMS, "local", "simulator", "tools", "tests", "function_app") == []


@parametrize([module for module in shipped() if module.name.startswith("shared.core")])
def test_core_imports_nothing_but_core(module: Module) -> None:
    assert [name for name in imports_of(module, "shared") if not name.startswith("shared.core")] == []


@parametrize([module for module in shipped() if module.name.startswith("shared.arm")])
def test_the_arm_client_knows_neither_sql_nor_identity(module: Module) -> None:
    assert imports_of(module, "shared.sql", "shared.identity", "shared.wiring") == []


@parametrize([module for module in shipped() if module.name.startswith("shared.sql")])
def test_sql_knows_neither_identity_nor_wiring(module: Module) -> None:
    assert imports_of(module, "shared.identity", "shared.wiring", "shared.arm.client") == []


SQL_FOLDERS = (
    "engine",
    "schema",
    "migrations",
    "migrate",
    "rights",
    "roles",
    "ledgers",
    "scans",
    "reviews",
    "collected",
    "findings",
    "deletion",
)
"""The folders of shared/sql, lowest first: each imports those before it, and itself."""


def test_the_order_of_the_sql_folders_names_each_of_them() -> None:
    inside = {module.name.split(".")[2] for module in shipped() if module.name.startswith("shared.sql.")}
    assert inside == set(SQL_FOLDERS)


@parametrize([module for module in shipped() if module.name.startswith("shared.sql.")])
def test_the_sql_folders_import_one_way(module: Module) -> None:
    folder = module.name.split(".")[2]
    above = SQL_FOLDERS[SQL_FOLDERS.index(folder) + 1 :]
    assert imports_of(module, *(f"shared.sql.{each}" for each in above)) == []


@parametrize([module for module in shipped() if module.name.startswith("shared.sql.")])
def test_repositories_do_not_know_the_migrations(module: Module) -> None:
    if module.name.split(".")[2] not in ("migrations", "migrate", "rights"):
        assert imports_of(module, "shared.sql.migrations", "shared.sql.migrate") == []


ONLY_IN = {
    "azure.functions": (
        "function_app",
        "collectors.blueprint",
        "findings.blueprint",
        "notifications.blueprint",
        "retention.blueprint",
        "web.adapter",
        "web.api.blueprint",
        "web.customer.blueprint",
        "web.desk.blueprint",
        "web.desk.findings.blueprint",
        "web.exports.blueprint",
        "web.privacy.blueprint",
    ),
    "requests": ("shared.arm", "shared.identity", "shared.mail"),
    "sqlalchemy": ("shared.sql",),
    "alembic": ("shared.sql",),
    "pyodbc": ("shared.sql",),
    "msal": ("shared.identity",),
    "azure.servicebus": ("shared.messaging.service_bus",),
    "azure.data": ("shared.table_storage.azure",),
    "azure.storage": ("shared.exports.azure",),
    "azure.monitor": ("shared.observability.export",),
    "opentelemetry": ("shared.observability.telemetry", "shared.observability.export"),
    "opentelemetry.sdk": ("shared.observability.export",),
    "os": ("shared.wiring", "shared.sql.migrate", "shared.sql.roles", "shared.identity.rotate_keys"),
    "jinja2": ("web",),
}


@pytest.mark.parametrize("package", ONLY_IN)
def test_each_package_stays_in_its_room(package: str) -> None:
    strays = [
        module.name
        for module in shipped()
        if imports_of(module, package)
        and not any(module.name == home or module.name.startswith(home + ".") for home in ONLY_IN[package])
    ]
    assert strays == []


@parametrize([module for module in shipped() if module.name.startswith("web.customer")])
def test_the_customers_pages_never_import_the_desk(module: Module) -> None:
    assert imports_of(module, "web.desk") == []


@parametrize([module for module in shipped() if module.name.startswith("web.desk")])
def test_the_desk_which_sees_all_tenants_never_imports_the_customers_pages(module: Module) -> None:
    assert imports_of(module, "web.customer") == []


@parametrize([module for module in shipped() if module.name.startswith(("web.rendering", "web.http"))])
def test_rendering_and_http_are_below_all_pages(module: Module) -> None:
    assert imports_of(module, "web.customer", "web.desk", "web.privacy", "web.adapter") == []


@parametrize([module for module in modules() if module.room == "simulator"])
def test_the_simulator_imports_nothing_of_the_project(module: Module) -> None:
    assert imports_of(module, *ROOMS, "shared", "local", "tools", "tests", "function_app") == []


def test_nothing_that_ships_imports_the_local_run_or_the_tests() -> None:
    assert [module.name for module in shipped() if imports_of(module, "local", "simulator", "tools", "tests")] == []


def test_every_rule_has_something_to_rule() -> None:
    rooms = {module.room for module in shipped()}
    assert rooms >= {"collectors", "retention", "shared", "web", "function_app"}
    assert len(modules()) > len(shipped())


def _builds_a_repository(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id[:1].isupper()
        and any(isinstance(argument, ast.Attribute) and argument.attr == "database" for argument in node.args)
    )


def test_only_the_wiring_builds_repositories() -> None:
    wiring = ("shared.wiring", "shared.repositories")
    rooms = [module for module in shipped() if module.name not in wiring and not module.name.startswith("shared.sql")]
    assert [m.name for m in rooms if any(_builds_a_repository(node) for node in ast.walk(m.tree))] == []


def test_directly_in_shared_are_only_the_wiring_and_what_it_hands_out() -> None:
    found = {module.name for module in shipped() if module.path.parent.name == "shared" and module.name != "shared"}
    assert found == {"shared.wiring", "shared.repositories", "shared.own_identity"}
