-- FindingDrafts._replace

DELETE FROM finding_proposals WHERE finding_proposals.tenant_id = @p1 AND finding_proposals.scan_id = @p2 AND finding_proposals.finding_id = @p3

GO

DELETE FROM finding_resources WHERE finding_resources.tenant_id = @p1 AND finding_resources.scan_id = @p2 AND finding_resources.finding_id = @p3

GO

DELETE FROM finding_resources WHERE finding_resources.tenant_id = @p1 AND finding_resources.scan_id = @p2 AND finding_resources.finding_id = @p3 AND finding_resources.position > @p4

GO

DELETE FROM finding_savings WHERE finding_savings.tenant_id = @p1 AND finding_savings.scan_id = @p2 AND finding_savings.finding_id = @p3

GO

DELETE FROM finding_savings WHERE finding_savings.tenant_id = @p1 AND finding_savings.scan_id = @p2 AND finding_savings.finding_id = @p3 AND finding_savings.position = @p4

GO

DELETE FROM finding_savings WHERE finding_savings.tenant_id = @p1 AND finding_savings.scan_id = @p2 AND finding_savings.finding_id = @p3 AND finding_savings.position > @p4

GO

DELETE FROM finding_versions WHERE finding_versions.tenant_id = @p1 AND finding_versions.scan_id = @p2 AND finding_versions.finding_id = @p3

GO

DELETE FROM findings WHERE findings.tenant_id = @p1 AND findings.scan_id = @p2 AND findings.finding_id = @p3 AND findings.version = @p4

GO

EXEC sp_set_session_context @key = N'tenant_id', @value = @p1; EXEC sp_set_session_context @key = N'is_system', @value = NULL;

GO

INSERT INTO finding_proposals (finding_id, tenant_id, scan_id, proposed_at, title, text, resources_json, evidence_json) VALUES (@p1, @p2, @p3, @p4, @p5, @p6, @p7, @p8)

GO

INSERT INTO finding_resources (finding_id, position, tenant_id, scan_id, resource_id, resource_name, resource_type, sub_account_id, resource_group, region_id, evidence_json, note, is_excluded, owner_tag) VALUES (@p1, @p2, @p3, @p4, @p5, @p6, @p7, @p8, @p9, @p10, @p11, @p12, @p13, @p14)

GO

INSERT INTO finding_resources (finding_id, position, tenant_id, scan_id, resource_id, resource_name, resource_type, sub_account_id, resource_group, region_id, evidence_json, note, is_excluded, owner_tag) VALUES (@p1, @p2, @p3, @p4, @p5, @p6, @p7, @p8, @p9, @p10, @p11, @p12, @p13, NULL)

GO

INSERT INTO finding_resources (finding_id, position, tenant_id, scan_id, resource_id, resource_name, resource_type, sub_account_id, resource_group, region_id, evidence_json, note, is_excluded, owner_tag) VALUES (@p1, @p2, @p3, @p4, @p5, @p6, @p7, @p8, @p9, @p10, @p11, NULL, @p12, NULL)

GO

INSERT INTO finding_resources (finding_id, position, tenant_id, scan_id, resource_id, resource_name, resource_type, sub_account_id, resource_group, region_id, evidence_json, note, is_excluded, owner_tag) VALUES (@p1, @p2, @p3, @p4, @p5, @p6, @p7, @p8, NULL, NULL, @p9, NULL, @p10, NULL)

GO

INSERT INTO finding_savings (finding_id, position, currency, tenant_id, scan_id, monthly, basis, yearly) VALUES (@p1, @p2, @p3, @p4, @p5, @p6, @p7, @p8)

GO

INSERT INTO finding_savings (finding_id, position, currency, tenant_id, scan_id, monthly, basis, yearly) VALUES (@p1, @p2, @p3, @p4, @p5, @p6, @p7, NULL)

GO

INSERT INTO finding_versions (finding_id, version, tenant_id, scan_id, status, title, text, confidence, effort, owner, savings_json, changed_at, changed_by, change) VALUES (@p1, @p2, @p3, @p4, @p5, @p6, @p7, @p8, @p9, NULL, @p10, @p11, NULL, @p12)

GO

INSERT INTO finding_versions (finding_id, version, tenant_id, scan_id, status, title, text, confidence, effort, owner, savings_json, changed_at, changed_by, change) VALUES (@p1, @p2, @p3, @p4, @p5, @p6, @p7, @p8, @p9, NULL, @p10, @p11, NULL, NULL)

GO

INSERT INTO findings (finding_id, tenant_id, scan_id, finding_key, status, title, text, measure, confidence, effort, owner, version, is_edited, created_at, updated_at, updated_by, published_at, saving_from, evidence_json, carried_from, to_check, carried_text) VALUES (@p1, @p2, @p3, @p4, @p5, @p6, @p7, @p8, @p9, @p10, NULL, @p11, @p12, @p13, @p14, NULL, NULL, @p15, @p16, @p17, @p18, @p19)

GO

INSERT INTO findings (finding_id, tenant_id, scan_id, finding_key, status, title, text, measure, confidence, effort, owner, version, is_edited, created_at, updated_at, updated_by, published_at, saving_from, evidence_json, carried_from, to_check, carried_text) VALUES (@p1, @p2, @p3, @p4, @p5, @p6, @p7, @p8, @p9, @p10, NULL, @p11, @p12, @p13, @p14, NULL, NULL, @p15, @p16, @p17, @p18, NULL)

GO

INSERT INTO findings (finding_id, tenant_id, scan_id, finding_key, status, title, text, measure, confidence, effort, owner, version, is_edited, created_at, updated_at, updated_by, published_at, saving_from, evidence_json, carried_from, to_check, carried_text) VALUES (@p1, @p2, @p3, @p4, @p5, @p6, @p7, @p8, @p9, @p10, NULL, @p11, @p12, @p13, @p14, NULL, NULL, @p15, @p16, @p17, NULL, NULL)

GO

INSERT INTO findings (finding_id, tenant_id, scan_id, finding_key, status, title, text, measure, confidence, effort, owner, version, is_edited, created_at, updated_at, updated_by, published_at, saving_from, evidence_json, carried_from, to_check, carried_text) VALUES (@p1, @p2, @p3, @p4, @p5, @p6, @p7, @p8, @p9, @p10, NULL, @p11, @p12, @p13, @p14, NULL, NULL, @p15, @p16, NULL, NULL, NULL)

GO

SELECT finding_resources.finding_id, finding_resources.position, finding_resources.tenant_id, finding_resources.scan_id, finding_resources.resource_id, finding_resources.resource_name, finding_resources.resource_type, finding_resources.sub_account_id, finding_resources.resource_group, finding_resources.region_id, finding_resources.evidence_json, finding_resources.note, finding_resources.is_excluded, finding_resources.owner_tag
FROM finding_resources
WHERE finding_resources.tenant_id = @p1 AND finding_resources.scan_id = @p2 AND finding_resources.is_excluded = 0 ORDER BY finding_resources.finding_id, finding_resources.position

GO

SELECT finding_savings.finding_id, finding_savings.position, finding_savings.currency, finding_savings.tenant_id, finding_savings.scan_id, finding_savings.monthly, finding_savings.basis, finding_savings.yearly
FROM finding_savings
WHERE finding_savings.tenant_id = @p1 AND finding_savings.scan_id = @p2

GO

SELECT findings.finding_id, findings.tenant_id, findings.scan_id, findings.finding_key, findings.status, findings.title, findings.text, findings.measure, findings.confidence, findings.effort, findings.owner, findings.version, findings.is_edited, findings.created_at, findings.updated_at, findings.updated_by, findings.published_at, findings.saving_from, findings.evidence_json, findings.carried_from, findings.to_check, findings.carried_text
FROM findings
WHERE findings.tenant_id = @p1 AND findings.scan_id = @p2

GO

SELECT scans.scan_id
FROM scans WITH (UPDLOCK)
WHERE scans.tenant_id = @p1 AND scans.scan_id = @p2

GO

UPDATE findings SET title=@p1, text=@p2, measure=@p3, confidence=@p4, effort=@p5, owner=NULL, version=@p6, updated_at=@p7, saving_from=@p8, evidence_json=@p9, carried_from=@p10, to_check=@p11, carried_text=NULL WHERE findings.tenant_id = @p12 AND findings.scan_id = @p13 AND findings.finding_id = @p14 AND findings.version = @p15

GO

UPDATE findings SET title=@p1, text=@p2, measure=@p3, confidence=@p4, effort=@p5, owner=NULL, version=@p6, updated_at=@p7, saving_from=@p8, evidence_json=@p9, carried_from=NULL, to_check=NULL, carried_text=NULL WHERE findings.tenant_id = @p10 AND findings.scan_id = @p11 AND findings.finding_id = @p12 AND findings.version = @p13

GO

UPDATE scans SET drafting_ended_at=@p1 WHERE scans.tenant_id = @p2 AND scans.scan_id = @p3

GO

-- _rewrite

EXEC sp_set_session_context @key = N'tenant_id', @value = @p1; EXEC sp_set_session_context @key = N'is_system', @value = NULL;

GO

UPDATE findings SET title=@p1, text=@p2, measure=@p3, confidence=@p4, effort=@p5, owner=NULL, version=@p6, updated_at=@p7, saving_from=@p8, evidence_json=@p9, carried_from=NULL, to_check=NULL, carried_text=NULL WHERE findings.tenant_id = @p10 AND findings.scan_id = @p11 AND findings.finding_id = @p12 AND findings.version = @p13

GO

-- _unfounded

DELETE FROM findings WHERE findings.tenant_id = @p1 AND findings.scan_id = @p2 AND findings.finding_id = @p3 AND findings.version = @p4

GO

EXEC sp_set_session_context @key = N'tenant_id', @value = @p1; EXEC sp_set_session_context @key = N'is_system', @value = NULL;
