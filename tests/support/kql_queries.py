"""Queries to Resource Graph that a reviewer needs, and others that an attacker would try."""

from collectors.inventory import QUERY, SIMPLIFIED_QUERY
from shared.arm.kql.tokens import MAX_CHARACTERS

DISKS = "resources | where type =~ 'microsoft.compute/disks'"
ADVICE = "advisorresources | where properties.category =~ 'Cost'"

ALLOWED = (
    QUERY,
    SIMPLIFIED_QUERY,
    "resources | project id",
    f"{DISKS} // disks\n| project id, properties.diskState, tags['cost'], sku.name",
    (
        "Resources\r\n| where type in~ ('microsoft.compute/disks', 'microsoft.compute/snapshots')\r\n"
        "| project id, size = toint(properties.diskSizeGB)\r\n| order by size desc nulls last, id asc"
    ),
    "resources | summarize count() by type, location | order by count_ desc",
    (
        "resources | summarize disks = countif(type =~ 'microsoft.compute/disks'), all = count() by location\n"
        "| extend share = round(100.0 * disks / all, 1) | where share > 5 | project-away all | top 10 by share"
    ),
    (
        f"{DISKS} and properties.diskState == 'Unattached' | extend age = datetime_diff('day', now(), "
        "todatetime(properties.timeCreated)) | where age > 30 | project id, age | top 50 by age desc"
    ),
    (
        f"{DISKS} | summarize gigabytes = sum(toint(properties.diskSizeGB)) by tostring(properties.diskState), "
        "tostring(sku.name)"
    ),
    "resources | where type =~ 'a' or (type =~ 'microsoft.web/sites' and properties.state == 'Stopped') | project id",
    (
        "resources | extend group = split(id, '/')[4], environment = coalesce(tags.env, tags['Environment'])\n"
        "| where name !startswith 'aks-' and location in ('uksouth', 'ukwest') and isnotempty(tags)\n"
        "| project id, group, environment, tags, sku"
    ),
    (
        "resources | extend since = case(type =~ 'microsoft.compute/disks', properties.timeCreated, "
        "type =~ 'microsoft.storage/storageaccounts', properties.creationTime, '') | project id, since"
    ),
    "resourcecontainers | where type endswith 'subscriptions' | count",
    f"{ADVICE} | project id, properties.impact, properties.extendedProperties.annualSavingsAmount",
    (
        f"{ADVICE} | summarize saving = sum(todouble(properties.extendedProperties.savingsAmount)) by "
        "tostring(properties.impactedField)"
    ),
    (
        "resources | project id, subscriptionId | join kind=leftouter (resourcecontainers | project subscriptionId, "
        "s = name) on subscriptionId | project id, s"
    ),
    (
        f"{DISKS} | project id, owner = managedBy | join kind=inner (resources | project id, name) "
        "on $left.owner == $right.id | project id, name, id1"
    ),
    f"resources | project id | union (resourcecontainers | project id), ({ADVICE} | distinct id)",
    (
        f"{DISKS} | where todatetime(properties.timeCreated) between (datetime(2025-01-01T00:00:00Z) .. ago(90d)) "
        "| project id"
    ),
    "resources | where name == 'policyresources' or name contains \"it's\" // authorizationresources\n| project id",
    "resources | distinct type | project-rename kind_of_resource = type | sort by kind_of_resource asc | limit 7",
)

WITHOUT_A_TYPE = (
    f"{DISKS} | summarize count() by properties.diskState",
    f"{DISKS} | summarize count() by tags",
    f"{DISKS} | summarize count() by sku.name",
    f"{DISKS} | project state = properties.diskState | summarize count() by state",
    f"{DISKS} | summarize count() by coalesce('a', tags.env)",
    f"{DISKS} | summarize count() by split(id, '/')[4]",
    f"{DISKS} | summarize sizes = make_list(id) by name | distinct sizes",
    f"{DISKS} | distinct properties.diskState",
    f"{DISKS} | project x = trim('a', split(id, '/')[4])",
    f"{DISKS} | project x = array_length(split(id, '/')[4])",
    f"{DISKS} | order by properties.diskSizeGB | project id",
    f"{DISKS} | where properties.timeCreated between (datetime(2025-01-01T00:00:00Z) .. ago(90d)) | project id",
    f"{DISKS} | where properties.timeCreated > ago(90d) | project id",
    f"{DISKS} | where datetime(2025-01-01) < properties.timeCreated | project id",
    f"{DISKS} | where tags.env between ('a' .. 'b') | project id",
    f"{DISKS} | where properties.diskState | project id",
    f"{DISKS} | summarize sum(properties.diskSizeGB)",
    f"{DISKS} | summarize arg_max(properties.diskSizeGB, id)",
    f"{DISKS} | summarize count() by bin(properties.diskSizeGB, 64)",
    f"{DISKS} | project x = datetime_diff('day', now(), properties.timeCreated)",
    f"{DISKS} | project x = iff(properties.diskState, 1, 2)",
    f"{DISKS} | project id, x = tags.a | join (resources | project y = tags.b) on $left.x == $right.y",
    f"{DISKS} | project id, x = dynamic(null) | distinct x",
    "resources | where name == null | project id",
)
"""Refused by Azure: it cannot group, sort or count by what it calls dynamic."""

OTHER_TABLES = (
    "",
    "policyresources | project id",
    "securityresources | project id",
    "resourcechanges | project id",
    "// resources\nauthorizationresources | project id",
    "resources | project id | union authorizationresources",
    "resources | project id | union (authorizationresources | project id)",
    "resources | project id | union resourcecontainers",
    "resources | project id | union isfuzzy=true (securityresources | project id)",
    "resources | project id | join (securityresources | project id) on id | project id",
    "resources | join (resources | project id, identity = name) on id | project identity",
    "resources | where id in (authorizationresources | project id) | project id",
    "resources | where id in ((resources | project id)) | project id",
    "resources | project authorizationresources = id | where id in (authorizationresources) | project id",
    "resources | project id = toscalar(authorizationresources | project id)",
    "let t = authorizationresources; t | project id",
    "let identity = 1; resources | project id",
    "resources | project id; authorizationresources",
    "cluster('x').database('y').resources | project id",
    "table('authorizationresources') | project id",
    "externaldata(x:string)['https://evil.example'] | project x",
    "resources | project id | invoke f()",
    "resources | evaluate bag_unpack(tags) | project id",
    "resources | project id | evaluate bag_unpack(tags)",
    "resources | partition by type (project id)",
    "resources | project id | render table",
    "print x = 1",
    "search 'password'",
    "find 'password'",
)

BAGS_AND_IDENTITIES = (
    "resources",
    "resources | take 5",
    "resources | order by id asc",
    "resources | project *",
    "resources | distinct *",
    "resources | summarize arg_max(id, *) by type",
    "resources | summarize take_any(*) by type",
    "resources | project properties",
    f"{DISKS} | project properties",
    f"{DISKS} | project tostring(properties)",
    f"{DISKS} | extend p = properties | project p.osProfile",
    f"{DISKS} | project properties['custom' + 'Data']",
    f"{DISKS} | project properties[strcat('disk', 'State')]",
    f"{DISKS} | project properties[name]",
    f"{DISKS} | project properties['disk\\u0053tate']",
    f"{DISKS} | project properties.diskstate",
    f"{DISKS} | project properties.diskState.more",
    f"{DISKS} | project properties.encryptionSettingsCollection",
    f"{DISKS} | where properties.osProfile.adminPassword startswith 'a' | project id",
    f"{DISKS} | order by properties.osProfile.adminPassword | project id",
    f"{DISKS} | summarize count() by properties.osProfile.adminPassword",
    f"{DISKS} | top 5 by properties.uniqueId | project id",
    f"{DISKS} | mv-expand properties | project properties",
    f"{DISKS} | project todynamic(properties)",
    f"{DISKS} | project parse_json(tostring(properties)).osProfile",
    f"{DISKS} | project pack_all()",
    f"{DISKS} | project bag_pack('p', properties)",
    f"{DISKS} | project bag_keys(tags)",
    f"{DISKS} | summarize make_bag(properties)",
    f"{DISKS} | project array_length(properties)",
    f"{DISKS} | project identity",
    f"{DISKS} | project Identity",
    f"{DISKS} | project ['identity']",
    f"{DISKS} | project i = identity.principalId",
    f"{DISKS} | where isnotempty(identity) | project id",
    f"{DISKS} | project systemData.createdBy",
    f"{DISKS} | project-away properties",
    f"{DISKS} | project-reorder id",
    f"{DISKS} | project-rename p = properties | project p",
    f"{DISKS} | project column_ifexists('identity', '')",
    f"{DISKS} | project dynamic({{'a': 1}})",
    "resources | project tostring(tags)",
    "resources | project strcat('', tags)",
    "resources | project tags + ''",
    "resources | summarize make_list(tags)",
    "resources | project x = iff(true, tags, sku) | project tostring(x)",
    'resources | where tags contains \'"password":"a\' | project id',
    "resources | where tags !has 'x' | project id",
    "resources | where tags == 'x' | project id",
    "resources | where tags in ('x') | project id",
    "resources | where sku startswith 'x' | project id",
    "resources | extend t = tags | where t contains 'x' | project id",
    "resources | summarize countif(tags contains 'x')",
    "resources | project x = iff(tags contains 'p', 1, 0)",
    "resources | project x = sku | project x.limits",
    "resources | extend x = iff(name == 'a', sku, tags) | project x.limits",
    "resources | project x = sku | extend y = x | project y['limits']",
    "resources | project x = sku | union (resources | project x = tags) | project x.limits",
    "resources | project tags.password",
    "resources | project tags['client_secret']",
    "resources | project tags[name]",
    "resources | project tags.a.b",
    "resources | project sku.anything",
    "resources | project plan, zones, extendedLocation",
)

OTHER_TYPES = (
    "resources | project id, properties.diskState",
    "resources | where type != 'microsoft.compute/disks' | project properties.diskState",
    "resources | where type contains 'microsoft.compute/disks' | project properties.diskState",
    "resources | where not(type =~ 'microsoft.compute/disks') | project properties.diskState",
    "resources | where type =~ 'microsoft.compute/disks' or name == 'x' | project properties.diskState",
    "resources | where type =~ 'microsoft.compute/disks' or properties.diskState == 'x' | project id",
    "resources | where type in ('microsoft.compute/disks', name) | project properties.diskState",
    "resources | where type in~ ('microsoft.compute/disks', 'microsoft.web/sites') | project properties.diskState",
    "resources | where 'microsoft.compute/disks' == 'microsoft.compute/disks' | project properties.diskState",
    "resources | extend type = 'microsoft.web/sites' | where type =~ 'microsoft.web/sites' | project properties.state",
    "resources | extend Type = 'microsoft.web/sites' | where type =~ 'microsoft.web/sites' | project properties.state",
    "resources | extend properties = tags | project properties",
    "resources | project x = case(name == 'x', properties.diskState, '')",
    "resources | project x = case(type =~ 'microsoft.compute/disks', '', properties.diskState)",
    "resources | project x = iff(type =~ 'microsoft.web/sites', properties.diskState, '')",
    "resources | project x = managedBy",
    "resources | where type =~ 'microsoft.keyvault/vaults' | project properties.accessPolicies",
    "resources | where type =~ 'microsoft.keyvault/vaults' | project properties.diskState",
    "resources | where type == 'microsoft.keyvault/vaults/secrets' | project id",
    "resources | where type startswith 'Microsoft.Authorization' | project id",
    "resources | where type =~ 'microsoft.containerinstance/containergroups' | project properties.containers[0]",
    "resourcecontainers | project properties.state",
    "resourcecontainers | project sku",
    "advisorresources | project id",
    "advisorresources | count",
    "advisorresources | where isnotempty(type) | where properties.category =~ 'Cost' | project id",
    "advisorresources | where properties.category =~ 'Security' | project id",
    "advisorresources | where properties.category in ('Cost', 'Security') | project id",
    "advisorresources | where properties.category =~ 'Cost' or true | project id",
    f"{ADVICE} | project properties.extendedProperties",
    f"{ADVICE} | project properties.extendedProperties.anything",
    f"resources | project id | union (advisorresources | project id), ({ADVICE} | project id)",
)

TRICKS = (
    "resources | project @'\\', identity, '",
    'resources | project h"x"',
    "resources | project 'a' 'b'",
    "resources | project ```identity```",
    "resources | project `id`",
    "resources | project 'open",
    "resources | project 'a\nb'",
    "resources // comment\r| project id",
    "resources // comment\u2028| project id",
    "resources // comment\x0b| project id",
    "resources |\u00a0project id",
    "resources | project іd",  # noqa: RUF001 - its first letter is Cyrillic
    "resources | project \uff49d",
    "resources | project id\x00",
    "resources | project 'a\u2028b'",
    "resources /* | project id */ | project id",
    "resources project id",
    "resources | project id |",
    "resources | | project id",
    "resources | project id,",
    "resources | project (id",
    "resources | project id)",
    "resources | project " + "(" * 100 + "id" + ")" * 100,
    "resources | project " + "not(" * 3000,
    "resources | project case('a', 'b')",
    "resources | take id | project id",
    "resources | order by id asc nulls | project id",
    "resources | project id | join kind=rightouter (resources | project id) on id | project id",
    "resources | project id | join (resources | project id) on $left.id == $left.identity",
    "resources | project id | join (resources | project id) on $identity.id == $right.id",
    "resources | project id | join (resources | project id) on identity",
    "resources | project id" + " | union (resources | project id)" * 4,
    "resources | project id " + " " * MAX_CHARACTERS,
)

REFUSED = (*WITHOUT_A_TYPE, *OTHER_TABLES, *BAGS_AND_IDENTITIES, *OTHER_TYPES, *TRICKS)
