"""The stand-in programs: `az`, and the interpreter that migrates, makes users and keys."""

import json
import os
import signal
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from tests.peers.azure_cli import answers
from tests.peers.azure_cli.answers import Answer
from tests.peers.azure_cli.arguments import Refused, parse
from tests.peers.azure_cli.graph import rest
from tests.peers.azure_cli.world import MACHINE_ADDRESS, World, changing

ANSWERS: dict[str, Answer] = {
    "version": answers.version,
    "bicep version": answers.bicep_version,
    "bicep build-params": answers.build_params,
    "login": answers.login,
    "group create": answers.create_group,
    "account show": answers.account,
    "account get-access-token": answers.token,
    "group show": answers.group,
    "provider list": answers.providers,
    "ad signed-in-user show": answers.signed_in_user,
    "ad sp show": answers.service_principal,
    "ad group member check": answers.membership,
    "keyvault list-deleted": answers.deleted_vaults,
    "sql server list": answers.sql_servers,
    "rest": rest,
    "deployment group create": answers.deployment,
    "deployment group what-if": answers.what_if,
    "deployment group show": answers.last_deployment,
    "sql server update": answers.update_server,
    "sql server firewall-rule create": answers.add_rule,
    "sql server firewall-rule delete": answers.remove_rule,
    "keyvault update": answers.update_vault,
    "keyvault network-rule add": answers.add_address,
    "keyvault network-rule remove": answers.remove_address,
    "functionapp deployment source config-zip": answers.publish,
    "functionapp config access-restriction add": answers.add_restriction,
    "functionapp config access-restriction remove": answers.remove_restriction,
    "functionapp function keys list": answers.function_keys,
    "ad app permission grant": answers.grant,
}


def az(world: World, words: Sequence[str]) -> object:
    """One command of the Azure CLI. Raises Refused."""
    _fail_if_chosen(world, words)
    name, options = parse(words)
    if name not in ANSWERS:
        raise Refused(f"not played here: {name}")
    return ANSWERS[name](world, options)


def python(world: World, words: Sequence[str]) -> object:
    """The project's own programs, against this world's database and key vault. Raises Refused."""
    _fail_if_chosen(world, words)
    if words[:2] == ["-m", "pip"]:
        return ""
    if words[:2] == ["-m", "bicep.package"]:
        return _package(*words[2:])
    if words[:1] == ["-c"]:
        return "\n".join(world.drivers) if "pyodbc" in words[1] else "3 13\n"
    if words[:2] == ["-m", "shared.sql.migrate"]:
        _reach_database(world)
        if not world.schema_is_open:
            raise Refused("(2760) The specified schema name dbo does not exist or may not be used.")
        world.has_schema = True
    elif words[:2] == ["-m", "shared.sql.roles"]:
        _reach_database(world)
        _change_rights(world, words[2])
    elif words[:2] == ["-m", "shared.identity.rotate_keys"]:
        _reach_vault(world)
        world.keys = world.keys or 1
    else:
        raise Refused(f"not played here: python {' '.join(words)}")
    return ""


def _change_rights(world: World, moment: str) -> None:
    if moment == "grant" and not world.has_schema:
        raise Refused("(208) Invalid object name 'dbo.audit_events'")
    world.has_users = world.has_users or moment == "grant"
    world.schema_is_open = moment != "close" and (world.schema_is_open or moment == "open")


def _package(name: str = ".local/package.zip") -> str:
    """An empty one: a deployment runs in the project's folder."""
    target = Path(name)
    target.parent.mkdir(exist_ok=True)
    target.touch()
    return f"{target}\n"


def _fail_if_chosen(world: World, words: Sequence[str]) -> None:
    if world.fails and world.fails in " ".join(words):
        raise Refused(f"it fails, as the test wants: {world.fails}")


def _reach_database(world: World) -> None:
    if world.is_within:
        return
    if not world.sql_public:
        raise Refused("(47073) Connection was denied since Deny Public Network Access is set to Yes")
    if MACHINE_ADDRESS not in world.sql_rules.values() or world.delayed("sql"):
        raise Refused(f"(40615) Client with IP address '{MACHINE_ADDRESS}' is not allowed to access the server.")
    if not world.is_member or world.delayed("login"):
        raise Refused("(18456) Login failed for user '<token-identified principal>'.")


def _reach_vault(world: World) -> None:
    if world.is_within:
        return
    if not world.vault_public:
        raise Refused("(Forbidden) Public network access is disabled. Inner error: ForbiddenByConnection")
    if f"{MACHINE_ADDRESS}/32" not in world.vault_rules or world.delayed("vault"):
        raise Refused("(Forbidden) Client address is not authorized. Inner error: ForbiddenByFirewall")
    if world.delayed("role"):
        raise Refused("(Forbidden) Caller is not authorized to perform action. Inner error: ForbiddenByRbac")


def main(path: Path, name: str, words: Sequence[str]) -> int:
    """Play one command in the world of this file; the exit code."""
    with changing(path) as world:
        code, written, said = play(path, world, name, words)
    sys.stdout.write(written)
    sys.stderr.write(said)
    if world.ends_after and world.ends_after in " ".join(words):
        sys.stdout.flush()
        _end_the_deployment(world.ends_by)
    return code


def play(path: Path, world: World, name: str, words: Sequence[str]) -> tuple[int, str, str]:
    """One command in this world: the exit code, what is written to stdout, and to stderr."""
    with path.with_suffix(".log").open("a", encoding="utf-8") as log:
        log.write(json.dumps([name, *words]) + "\n")
    world.commands += 1
    try:
        answer = {"az": az, "python": python}[name](world, words)
    except Refused as refused:
        return refused.code, "", f"ERROR: {refused}\n"
    return 0, answer if isinstance(answer, str) else json.dumps(answer), ""


def _end_the_deployment(number: int) -> None:
    """After the command's effect. What can be caught ends this program too, as Ctrl-C at a terminal does."""
    os.kill(os.getppid(), number)
    if number != signal.SIGKILL:
        time.sleep(30)
