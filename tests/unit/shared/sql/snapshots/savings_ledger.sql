-- SavingsLedger.changed_at

EXEC sp_set_session_context @key = N'tenant_id', @value = @p1; EXEC sp_set_session_context @key = N'is_system', @value = NULL;

GO

SELECT DISTINCT lower(subscriptions.subscription_id) AS lower_1
FROM subscriptions JOIN scans ON scans.tenant_id = subscriptions.tenant_id AND scans.scan_id = subscriptions.scan_id
WHERE subscriptions.tenant_id = @p1 AND scans.user_object_id = @p2

GO

SELECT finding_ledger.ledger_id, finding_ledger.tenant_id, finding_ledger.finding_key, finding_ledger.resource_key, finding_ledger.title, finding_ledger.measure, finding_ledger.resource_id, finding_ledger.resource_name, finding_ledger.resource_type, finding_ledger.sub_account_id, finding_ledger.resource_group, finding_ledger.first_scan_id, finding_ledger.first_reported_at, finding_ledger.scan_id, finding_ledger.observed_at, finding_ledger.fate, finding_ledger.fate_since, finding_ledger.first_month, finding_ledger.open_until, finding_ledger.estimated_json, finding_ledger.last_estimated_json, finding_ledger.returned_at, finding_ledger.moved_from, finding_ledger.months_json, finding_ledger.realized_json, finding_ledger.billed_since_json, coalesce(scans.user_object_id, @p1) AS user_object_id
FROM finding_ledger LEFT OUTER JOIN scans ON scans.tenant_id = finding_ledger.tenant_id AND scans.scan_id = finding_ledger.scan_id
WHERE finding_ledger.tenant_id = @p2 AND finding_ledger.fate_since = @p3 ORDER BY finding_ledger.first_reported_at, finding_ledger.ledger_id

GO

-- SavingsLedger.entries

EXEC sp_set_session_context @key = N'tenant_id', @value = @p1; EXEC sp_set_session_context @key = N'is_system', @value = NULL;

GO

SELECT finding_ledger.ledger_id, finding_ledger.tenant_id, finding_ledger.finding_key, finding_ledger.resource_key, finding_ledger.title, finding_ledger.measure, finding_ledger.resource_id, finding_ledger.resource_name, finding_ledger.resource_type, finding_ledger.sub_account_id, finding_ledger.resource_group, finding_ledger.first_scan_id, finding_ledger.first_reported_at, finding_ledger.scan_id, finding_ledger.observed_at, finding_ledger.fate, finding_ledger.fate_since, finding_ledger.first_month, finding_ledger.open_until, finding_ledger.estimated_json, finding_ledger.last_estimated_json, finding_ledger.returned_at, finding_ledger.moved_from, finding_ledger.months_json, finding_ledger.realized_json, finding_ledger.billed_since_json, coalesce(scans.user_object_id, @p1) AS user_object_id
FROM finding_ledger LEFT OUTER JOIN scans ON scans.tenant_id = finding_ledger.tenant_id AND scans.scan_id = finding_ledger.scan_id
WHERE finding_ledger.tenant_id = @p2 ORDER BY finding_ledger.first_reported_at, finding_ledger.ledger_id

GO

-- SavingsLedger.lines_for

EXEC sp_set_session_context @key = N'tenant_id', @value = @p1; EXEC sp_set_session_context @key = N'is_system', @value = NULL;

GO

SELECT DISTINCT lower(subscriptions.subscription_id) AS lower_1
FROM subscriptions JOIN scans ON scans.tenant_id = subscriptions.tenant_id AND scans.scan_id = subscriptions.scan_id
WHERE subscriptions.tenant_id = @p1 AND scans.user_object_id = @p2

GO

SELECT finding_ledger.ledger_id, finding_ledger.title, finding_ledger.resource_id, finding_ledger.resource_name, finding_ledger.resource_type, finding_ledger.sub_account_id, finding_ledger.resource_group, finding_ledger.first_reported_at, finding_ledger.fate_since, finding_ledger.returned_at, finding_ledger.finding_key, finding_ledger.measure, finding_ledger.fate, finding_ledger.estimated_json, finding_ledger.last_estimated_json, finding_ledger.realized_json, finding_ledger.billed_since_json
FROM finding_ledger
WHERE finding_ledger.tenant_id = @p1 ORDER BY finding_ledger.first_reported_at, finding_ledger.ledger_id

GO

-- SavingsLedger.update

EXEC sp_set_session_context @key = N'tenant_id', @value = @p1; EXEC sp_set_session_context @key = N'is_system', @value = NULL;

GO

SELECT finding_states.tenant_id, finding_states.user_object_id, finding_states.finding_key, finding_states.scan_id, finding_states.decision, finding_states.reason, finding_states.decided_at, finding_states.decided_by, finding_states.version, finding_states.resources_json, finding_states.owner, finding_states.due_on, finding_states.note, finding_states.previous_json
FROM finding_states
WHERE finding_states.tenant_id = @p1 AND finding_states.finding_key = @p2 AND finding_states.resources_json IS NOT NULL

GO

SELECT scans.scan_id
FROM scans WITH (UPDLOCK)
WHERE scans.tenant_id = @p1 AND scans.scan_id = @p2

GO

UPDATE finding_ledger SET resource_key=@p1, resource_id=@p2, sub_account_id=@p3, resource_group=@p4, observed_at=@p5, fate=@p6, fate_since=@p7, open_until=@p8, returned_at=@p9, moved_from=@p10, months_json=@p11, realized_json=@p12, billed_since_json=@p13 WHERE finding_ledger.tenant_id = @p14 AND finding_ledger.ledger_id = @p15 AND finding_ledger.observed_at <= @p16

GO

UPDATE finding_states SET resources_json=@p1 WHERE finding_states.tenant_id = @p2 AND finding_states.finding_key = @p3 AND finding_states.resources_json IS NOT NULL AND finding_states.user_object_id = @p4 AND finding_states.version = @p5
