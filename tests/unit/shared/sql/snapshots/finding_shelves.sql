-- shelves

SELECT finding_proposals.finding_id, finding_proposals.tenant_id, finding_proposals.scan_id, finding_proposals.proposed_at, finding_proposals.title, finding_proposals.text, finding_proposals.resources_json, finding_proposals.evidence_json
FROM finding_proposals
WHERE finding_proposals.tenant_id = @p1 AND finding_proposals.scan_id IN (SELECT scans.scan_id
FROM scans
WHERE scans.tenant_id = @p2 AND scans.user_object_id = @p3) ORDER BY finding_proposals.finding_id

GO

SELECT finding_proposals.finding_id, finding_proposals.tenant_id, finding_proposals.scan_id, finding_proposals.proposed_at, finding_proposals.title, finding_proposals.text, finding_proposals.resources_json, finding_proposals.evidence_json
FROM finding_proposals
WHERE finding_proposals.tenant_id = @p1 ORDER BY finding_proposals.finding_id

GO

SELECT finding_resources.finding_id, finding_resources.position, finding_resources.tenant_id, finding_resources.scan_id, finding_resources.resource_id, finding_resources.resource_name, finding_resources.resource_type, finding_resources.sub_account_id, finding_resources.resource_group, finding_resources.region_id, finding_resources.evidence_json, finding_resources.note, finding_resources.is_left_out
FROM finding_resources
WHERE finding_resources.tenant_id = @p1 AND finding_resources.scan_id IN (SELECT scans.scan_id
FROM scans
WHERE scans.tenant_id = @p2 AND scans.user_object_id = @p3) ORDER BY finding_resources.finding_id, finding_resources.position

GO

SELECT finding_resources.finding_id, finding_resources.position, finding_resources.tenant_id, finding_resources.scan_id, finding_resources.resource_id, finding_resources.resource_name, finding_resources.resource_type, finding_resources.sub_account_id, finding_resources.resource_group, finding_resources.region_id, finding_resources.evidence_json, finding_resources.note, finding_resources.is_left_out
FROM finding_resources
WHERE finding_resources.tenant_id = @p1 ORDER BY finding_resources.finding_id, finding_resources.position

GO

SELECT finding_savings.finding_id, finding_savings.position, finding_savings.currency, finding_savings.tenant_id, finding_savings.scan_id, finding_savings.monthly, finding_savings.basis, finding_savings.yearly
FROM finding_savings
WHERE finding_savings.tenant_id = @p1 AND finding_savings.scan_id IN (SELECT scans.scan_id
FROM scans
WHERE scans.tenant_id = @p2 AND scans.user_object_id = @p3) ORDER BY finding_savings.finding_id, finding_savings.position, finding_savings.currency

GO

SELECT finding_savings.finding_id, finding_savings.position, finding_savings.currency, finding_savings.tenant_id, finding_savings.scan_id, finding_savings.monthly, finding_savings.basis, finding_savings.yearly
FROM finding_savings
WHERE finding_savings.tenant_id = @p1 ORDER BY finding_savings.finding_id, finding_savings.position, finding_savings.currency

GO

SELECT finding_versions.finding_id, finding_versions.version, finding_versions.tenant_id, finding_versions.scan_id, finding_versions.status, finding_versions.title, finding_versions.text, finding_versions.confidence, finding_versions.effort, finding_versions.owner, finding_versions.savings_json, finding_versions.changed_at, finding_versions.changed_by, finding_versions.change
FROM finding_versions
WHERE finding_versions.tenant_id = @p1 AND finding_versions.scan_id IN (SELECT scans.scan_id
FROM scans
WHERE scans.tenant_id = @p2 AND scans.user_object_id = @p3) ORDER BY finding_versions.finding_id, finding_versions.version

GO

SELECT finding_versions.finding_id, finding_versions.version, finding_versions.tenant_id, finding_versions.scan_id, finding_versions.status, finding_versions.title, finding_versions.text, finding_versions.confidence, finding_versions.effort, finding_versions.owner, finding_versions.savings_json, finding_versions.changed_at, finding_versions.changed_by, finding_versions.change
FROM finding_versions
WHERE finding_versions.tenant_id = @p1 ORDER BY finding_versions.finding_id, finding_versions.version

GO

SELECT findings.finding_id, findings.tenant_id, findings.scan_id, findings.finding_key, findings.status, findings.title, findings.text, findings.measure, findings.confidence, findings.effort, findings.owner, findings.version, findings.is_edited, findings.created_at, findings.updated_at, findings.updated_by, findings.published_at, findings.saving_from, findings.evidence_json, findings.carried_from, findings.to_check
FROM findings
WHERE findings.tenant_id = @p1 AND findings.scan_id IN (SELECT scans.scan_id
FROM scans
WHERE scans.tenant_id = @p2 AND scans.user_object_id = @p3) ORDER BY findings.finding_id

GO

SELECT findings.finding_id, findings.tenant_id, findings.scan_id, findings.finding_key, findings.status, findings.title, findings.text, findings.measure, findings.confidence, findings.effort, findings.owner, findings.version, findings.is_edited, findings.created_at, findings.updated_at, findings.updated_by, findings.published_at, findings.saving_from, findings.evidence_json, findings.carried_from, findings.to_check
FROM findings
WHERE findings.tenant_id = @p1 ORDER BY findings.finding_id
