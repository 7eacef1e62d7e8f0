-- Findings._resources

EXEC sp_set_session_context @key = N'tenant_id', @value = @p1; EXEC sp_set_session_context @key = N'is_system', @value = NULL;

GO

SELECT finding_resources.finding_id, finding_resources.position, finding_resources.tenant_id, finding_resources.scan_id, finding_resources.resource_id, finding_resources.resource_name, finding_resources.resource_type, finding_resources.sub_account_id, finding_resources.resource_group, finding_resources.region_id, finding_resources.evidence_json, finding_resources.note, finding_resources.is_excluded, finding_resources.owner_tag
FROM finding_resources
WHERE finding_resources.tenant_id = @p1 AND finding_resources.scan_id = @p2 AND finding_resources.is_excluded = 0 ORDER BY finding_resources.finding_id, finding_resources.position

GO

SELECT finding_resources.finding_id, finding_resources.position, finding_resources.tenant_id, finding_resources.scan_id, finding_resources.resource_id, finding_resources.resource_name, finding_resources.resource_type, finding_resources.sub_account_id, finding_resources.resource_group, finding_resources.region_id, finding_resources.evidence_json, finding_resources.note, finding_resources.is_excluded, finding_resources.owner_tag
FROM finding_resources
WHERE finding_resources.tenant_id = @p1 AND finding_resources.scan_id = @p2 AND finding_resources.is_excluded = 1 ORDER BY finding_resources.finding_id, finding_resources.position

GO

SELECT finding_savings.finding_id, finding_savings.position, finding_savings.currency, finding_savings.tenant_id, finding_savings.scan_id, finding_savings.monthly, finding_savings.basis, finding_savings.yearly
FROM finding_savings
WHERE finding_savings.tenant_id = @p1 AND finding_savings.scan_id = @p2

GO

-- Findings.evidence

EXEC sp_set_session_context @key = N'tenant_id', @value = @p1; EXEC sp_set_session_context @key = N'is_system', @value = NULL;

GO

SELECT finding_resources.position, finding_resources.evidence_json
FROM finding_resources
WHERE finding_resources.tenant_id = @p1 AND finding_resources.scan_id = @p2 AND finding_resources.finding_id = @p3 AND finding_resources.position IN (@p4)

GO

SELECT finding_resources.position, finding_resources.evidence_json
FROM finding_resources
WHERE finding_resources.tenant_id = @p1 AND finding_resources.scan_id = @p2 AND finding_resources.finding_id = @p3 AND finding_resources.position IN (@p4, @p5)

GO

-- Findings.get

EXEC sp_set_session_context @key = N'tenant_id', @value = @p1; EXEC sp_set_session_context @key = N'is_system', @value = NULL;

GO

EXEC sp_set_session_context @key = N'tenant_id', @value = NULL; EXEC sp_set_session_context @key = N'is_system', @value = N'yes';

GO

SELECT findings.finding_id, findings.tenant_id, findings.scan_id, findings.finding_key, findings.status, findings.title, findings.text, findings.measure, findings.confidence, findings.effort, findings.owner, findings.version, findings.is_edited, findings.created_at, findings.updated_at, findings.updated_by, findings.published_at, findings.saving_from, findings.evidence_json, findings.carried_from, findings.to_check, findings.carried_text
FROM findings
WHERE findings.tenant_id = @p1 AND findings.scan_id = @p2 AND findings.finding_id = @p3

GO

-- Findings.in_scans

EXEC sp_set_session_context @key = N'tenant_id', @value = @p1; EXEC sp_set_session_context @key = N'is_system', @value = NULL;

GO

EXEC sp_set_session_context @key = N'tenant_id', @value = NULL; EXEC sp_set_session_context @key = N'is_system', @value = N'yes';

GO

SELECT finding_resources.finding_id, finding_resources.position, finding_resources.tenant_id, finding_resources.scan_id, finding_resources.resource_id, finding_resources.resource_name, finding_resources.resource_type, finding_resources.sub_account_id, finding_resources.resource_group, finding_resources.region_id, finding_resources.evidence_json, finding_resources.note, finding_resources.is_excluded, finding_resources.owner_tag
FROM finding_resources
WHERE finding_resources.tenant_id = @p1 AND finding_resources.scan_id IN (@p2) ORDER BY finding_resources.finding_id, finding_resources.position

GO

SELECT finding_resources.finding_id, finding_resources.position, finding_resources.tenant_id, finding_resources.scan_id, finding_resources.resource_id, finding_resources.resource_name, finding_resources.resource_type, finding_resources.sub_account_id, finding_resources.resource_group, finding_resources.region_id, finding_resources.evidence_json, finding_resources.note, finding_resources.is_excluded, finding_resources.owner_tag
FROM finding_resources
WHERE finding_resources.tenant_id = @p1 AND finding_resources.scan_id IN (@p2, @p3) ORDER BY finding_resources.finding_id, finding_resources.position

GO

SELECT finding_resources.finding_id, finding_resources.position, finding_resources.tenant_id, finding_resources.scan_id, finding_resources.resource_id, finding_resources.resource_name, finding_resources.resource_type, finding_resources.sub_account_id, finding_resources.resource_group, finding_resources.region_id, finding_resources.note, finding_resources.is_excluded, finding_resources.owner_tag
FROM finding_resources
WHERE finding_resources.tenant_id = @p1 AND finding_resources.scan_id IN (@p2) ORDER BY finding_resources.finding_id, finding_resources.position

GO

SELECT finding_resources.finding_id, finding_resources.position, finding_resources.tenant_id, finding_resources.scan_id, finding_resources.resource_id, finding_resources.resource_name, finding_resources.resource_type, finding_resources.sub_account_id, finding_resources.resource_group, finding_resources.region_id, finding_resources.note, finding_resources.is_excluded, finding_resources.owner_tag
FROM finding_resources
WHERE finding_resources.tenant_id = @p1 AND finding_resources.scan_id IN (@p2, @p3) ORDER BY finding_resources.finding_id, finding_resources.position

GO

SELECT finding_savings.finding_id, finding_savings.position, finding_savings.currency, finding_savings.tenant_id, finding_savings.scan_id, finding_savings.monthly, finding_savings.basis, finding_savings.yearly
FROM finding_savings
WHERE finding_savings.tenant_id = @p1 AND finding_savings.scan_id IN (@p2) ORDER BY finding_savings.currency, finding_savings.finding_id, finding_savings.position

GO

SELECT finding_savings.finding_id, finding_savings.position, finding_savings.currency, finding_savings.tenant_id, finding_savings.scan_id, finding_savings.monthly, finding_savings.basis, finding_savings.yearly
FROM finding_savings
WHERE finding_savings.tenant_id = @p1 AND finding_savings.scan_id IN (@p2, @p3) ORDER BY finding_savings.currency, finding_savings.finding_id, finding_savings.position

GO

SELECT findings.finding_id, findings.tenant_id, findings.scan_id, findings.finding_key, findings.status, findings.title, findings.text, findings.measure, findings.confidence, findings.effort, findings.owner, findings.version, findings.is_edited, findings.created_at, findings.updated_at, findings.updated_by, findings.published_at, findings.saving_from, findings.evidence_json, findings.carried_from, findings.to_check, findings.carried_text
FROM findings
WHERE findings.tenant_id = @p1 AND findings.scan_id IN (@p2)

GO

SELECT findings.finding_id, findings.tenant_id, findings.scan_id, findings.finding_key, findings.status, findings.title, findings.text, findings.measure, findings.confidence, findings.effort, findings.owner, findings.version, findings.is_edited, findings.created_at, findings.updated_at, findings.updated_by, findings.published_at, findings.saving_from, findings.evidence_json, findings.carried_from, findings.to_check, findings.carried_text
FROM findings
WHERE findings.tenant_id = @p1 AND findings.scan_id IN (@p2, @p3)

GO

-- Findings.of_scan

EXEC sp_set_session_context @key = N'tenant_id', @value = @p1; EXEC sp_set_session_context @key = N'is_system', @value = NULL;

GO

SELECT findings.finding_id, findings.tenant_id, findings.scan_id, findings.finding_key, findings.status, findings.title, findings.text, findings.measure, findings.confidence, findings.effort, findings.owner, findings.version, findings.is_edited, findings.created_at, findings.updated_at, findings.updated_by, findings.published_at, findings.saving_from, findings.evidence_json, findings.carried_from, findings.to_check, findings.carried_text
FROM findings
WHERE findings.tenant_id = @p1 AND findings.scan_id = @p2 AND findings.status IN (@p3)

GO

SELECT findings.finding_id, findings.tenant_id, findings.scan_id, findings.finding_key, findings.status, findings.title, findings.text, findings.measure, findings.confidence, findings.effort, findings.owner, findings.version, findings.is_edited, findings.created_at, findings.updated_at, findings.updated_by, findings.published_at, findings.saving_from, findings.evidence_json, findings.carried_from, findings.to_check, findings.carried_text
FROM findings
WHERE findings.tenant_id = @p1 AND findings.scan_id = @p2 AND findings.status IN (@p3, @p4)

GO

-- Findings.parts

EXEC sp_set_session_context @key = N'tenant_id', @value = @p1; EXEC sp_set_session_context @key = N'is_system', @value = NULL;

GO

SELECT finding_resources.finding_id, finding_resources.position, finding_resources.tenant_id, finding_resources.scan_id, finding_resources.resource_id, finding_resources.resource_name, finding_resources.resource_type, finding_resources.sub_account_id, finding_resources.resource_group, finding_resources.region_id, finding_resources.evidence_json, finding_resources.note, finding_resources.is_excluded, finding_resources.owner_tag
FROM finding_resources
WHERE finding_resources.tenant_id = @p1 AND finding_resources.scan_id = @p2 AND finding_resources.finding_id = @p3 AND finding_resources.is_excluded = 0 ORDER BY finding_resources.finding_id, finding_resources.position

GO

SELECT finding_resources.finding_id, finding_resources.position, finding_resources.tenant_id, finding_resources.scan_id, finding_resources.resource_id, finding_resources.resource_name, finding_resources.resource_type, finding_resources.sub_account_id, finding_resources.resource_group, finding_resources.region_id, finding_resources.evidence_json, finding_resources.note, finding_resources.is_excluded, finding_resources.owner_tag
FROM finding_resources
WHERE finding_resources.tenant_id = @p1 AND finding_resources.scan_id = @p2 AND finding_resources.finding_id = @p3 AND finding_resources.is_excluded = 1 ORDER BY finding_resources.finding_id, finding_resources.position

GO

SELECT finding_savings.finding_id, finding_savings.position, finding_savings.currency, finding_savings.tenant_id, finding_savings.scan_id, finding_savings.monthly, finding_savings.basis, finding_savings.yearly
FROM finding_savings
WHERE finding_savings.tenant_id = @p1 AND finding_savings.scan_id = @p2 AND finding_savings.finding_id = @p3

GO

SELECT finding_savings.finding_id, finding_savings.position, finding_savings.currency, finding_savings.tenant_id, finding_savings.scan_id, finding_savings.monthly, finding_savings.basis, finding_savings.yearly
FROM finding_savings
WHERE finding_savings.tenant_id = @p1 AND finding_savings.scan_id = @p2 AND finding_savings.finding_id = @p3 AND finding_savings.position = @p4 ORDER BY finding_savings.currency, finding_savings.finding_id, finding_savings.position

GO

-- Findings.texts_by_rules

EXEC sp_set_session_context @key = N'tenant_id', @value = @p1; EXEC sp_set_session_context @key = N'is_system', @value = NULL;

GO

SELECT finding_versions.finding_id, finding_versions.text
FROM finding_versions
WHERE finding_versions.tenant_id = @p1 AND finding_versions.scan_id = @p2 AND finding_versions.changed_by IS NULL ORDER BY finding_versions.finding_id, finding_versions.version

GO

-- Findings.whole_savings

EXEC sp_set_session_context @key = N'tenant_id', @value = @p1; EXEC sp_set_session_context @key = N'is_system', @value = NULL;

GO

SELECT finding_savings.finding_id, finding_savings.position, finding_savings.currency, finding_savings.tenant_id, finding_savings.scan_id, finding_savings.monthly, finding_savings.basis, finding_savings.yearly
FROM finding_savings
WHERE finding_savings.tenant_id = @p1 AND finding_savings.scan_id = @p2 AND finding_savings.position = @p3 ORDER BY finding_savings.currency, finding_savings.finding_id, finding_savings.position
