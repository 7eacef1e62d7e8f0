-- FindingEdits._insert

EXEC sp_set_session_context @key = N'tenant_id', @value = @p1; EXEC sp_set_session_context @key = N'is_system', @value = NULL;

GO

INSERT INTO audit_events (occurred_at, tenant_id, user_object_id, actor_kind, actor_id, actor_name, action, subject_kind, subject_id, reason, outcome, details_json) OUTPUT inserted.event_id VALUES (@p1, @p2, @p3, @p4, @p5, @p6, @p7, @p8, @p9, NULL, @p10, @p11)

GO

INSERT INTO finding_versions (finding_id, version, tenant_id, scan_id, status, title, text, confidence, effort, owner, savings_json, changed_at, changed_by, change) VALUES (@p1, @p2, @p3, @p4, @p5, @p6, @p7, @p8, @p9, @p10, @p11, @p12, @p13, NULL)

GO

INSERT INTO findings (finding_id, tenant_id, scan_id, finding_key, status, title, text, measure, confidence, effort, owner, version, is_edited, created_at, updated_at, updated_by, published_at, saving_from, evidence_json, carried_from, to_check, carried_text) VALUES (@p1, @p2, @p3, @p4, @p5, @p6, @p7, @p8, @p9, @p10, @p11, @p12, @p13, @p14, @p15, @p16, NULL, @p17, @p18, NULL, NULL, NULL)

GO

SELECT scans.scan_id
FROM scans WITH (UPDLOCK)
WHERE scans.tenant_id = @p1 AND scans.scan_id = @p2

GO

-- FindingEdits.check

EXEC sp_set_session_context @key = N'tenant_id', @value = @p1; EXEC sp_set_session_context @key = N'is_system', @value = NULL;

GO

INSERT INTO audit_events (occurred_at, tenant_id, user_object_id, actor_kind, actor_id, actor_name, action, subject_kind, subject_id, reason, outcome, details_json) OUTPUT inserted.event_id VALUES (@p1, @p2, @p3, @p4, @p5, @p6, @p7, @p8, @p9, NULL, @p10, @p11)

GO

INSERT INTO finding_versions (finding_id, version, tenant_id, scan_id, status, title, text, confidence, effort, owner, savings_json, changed_at, changed_by, change) VALUES (@p1, @p2, @p3, @p4, @p5, @p6, @p7, @p8, @p9, NULL, @p10, @p11, @p12, @p13)

GO

SELECT finding_savings.finding_id, finding_savings.position, finding_savings.currency, finding_savings.tenant_id, finding_savings.scan_id, finding_savings.monthly, finding_savings.basis, finding_savings.yearly
FROM finding_savings
WHERE finding_savings.tenant_id = @p1 AND finding_savings.scan_id = @p2 AND finding_savings.finding_id = @p3 AND finding_savings.position = @p4

GO

SELECT findings.finding_id, findings.tenant_id, findings.scan_id, findings.finding_key, findings.status, findings.title, findings.text, findings.measure, findings.confidence, findings.effort, findings.owner, findings.version, findings.is_edited, findings.created_at, findings.updated_at, findings.updated_by, findings.published_at, findings.saving_from, findings.evidence_json, findings.carried_from, findings.to_check, findings.carried_text
FROM findings
WHERE findings.tenant_id = @p1 AND findings.scan_id = @p2 AND findings.finding_id = @p3 AND findings.version = @p4

GO

SELECT scans.scan_id
FROM scans WITH (UPDLOCK)
WHERE scans.tenant_id = @p1 AND scans.scan_id = @p2

GO

UPDATE findings SET status=@p1, title=@p2, text=@p3, measure=@p4, confidence=@p5, effort=@p6, owner=NULL, version=@p7, is_edited=@p8, updated_at=@p9, updated_by=@p10, published_at=NULL, saving_from=@p11, evidence_json=@p12, to_check=NULL WHERE findings.tenant_id = @p13 AND findings.scan_id = @p14 AND findings.finding_id = @p15 AND findings.version = @p16

GO

-- FindingEdits.move

EXEC sp_set_session_context @key = N'tenant_id', @value = @p1; EXEC sp_set_session_context @key = N'is_system', @value = NULL;

GO

INSERT INTO audit_events (occurred_at, tenant_id, user_object_id, actor_kind, actor_id, actor_name, action, subject_kind, subject_id, reason, outcome, details_json) OUTPUT inserted.event_id VALUES (@p1, @p2, @p3, @p4, @p5, @p6, @p7, @p8, @p9, NULL, @p10, @p11)

GO

INSERT INTO finding_versions (finding_id, version, tenant_id, scan_id, status, title, text, confidence, effort, owner, savings_json, changed_at, changed_by, change) VALUES (@p1, @p2, @p3, @p4, @p5, @p6, @p7, @p8, @p9, NULL, @p10, @p11, @p12, NULL)

GO

SELECT finding_resources.finding_id, finding_resources.position, finding_resources.tenant_id, finding_resources.scan_id, finding_resources.resource_id, finding_resources.resource_name, finding_resources.resource_type, finding_resources.sub_account_id, finding_resources.resource_group, finding_resources.region_id, finding_resources.evidence_json, finding_resources.note, finding_resources.is_excluded, finding_resources.owner_tag
FROM finding_resources
WHERE finding_resources.tenant_id = @p1 AND finding_resources.scan_id = @p2 AND finding_resources.finding_id = @p3 AND finding_resources.is_excluded = 0 ORDER BY finding_resources.finding_id, finding_resources.position

GO

SELECT finding_savings.finding_id, finding_savings.position, finding_savings.currency, finding_savings.tenant_id, finding_savings.scan_id, finding_savings.monthly, finding_savings.basis, finding_savings.yearly
FROM finding_savings
WHERE finding_savings.tenant_id = @p1 AND finding_savings.scan_id = @p2 AND finding_savings.finding_id = @p3

GO

SELECT finding_savings.finding_id, finding_savings.position, finding_savings.currency, finding_savings.tenant_id, finding_savings.scan_id, finding_savings.monthly, finding_savings.basis, finding_savings.yearly
FROM finding_savings
WHERE finding_savings.tenant_id = @p1 AND finding_savings.scan_id = @p2 AND finding_savings.finding_id = @p3 AND finding_savings.position = @p4

GO

SELECT findings.finding_id, findings.tenant_id, findings.scan_id, findings.finding_key, findings.status, findings.title, findings.text, findings.measure, findings.confidence, findings.effort, findings.owner, findings.version, findings.is_edited, findings.created_at, findings.updated_at, findings.updated_by, findings.published_at, findings.saving_from, findings.evidence_json, findings.carried_from, findings.to_check, findings.carried_text
FROM findings
WHERE findings.tenant_id = @p1 AND findings.scan_id = @p2 AND findings.finding_id = @p3 AND findings.version = @p4

GO

SELECT scans.scan_id
FROM scans WITH (UPDLOCK)
WHERE scans.tenant_id = @p1 AND scans.scan_id = @p2

GO

UPDATE findings SET status=@p1, title=@p2, text=@p3, measure=@p4, confidence=@p5, effort=@p6, owner=NULL, version=@p7, is_edited=@p8, updated_at=@p9, updated_by=@p10, published_at=NULL, saving_from=@p11, evidence_json=@p12, to_check=NULL WHERE findings.tenant_id = @p13 AND findings.scan_id = @p14 AND findings.finding_id = @p15 AND findings.version = @p16

GO

-- FindingEdits.save

DELETE FROM finding_resources WHERE finding_resources.tenant_id = @p1 AND finding_resources.scan_id = @p2 AND finding_resources.finding_id = @p3 AND finding_resources.position > @p4

GO

DELETE FROM finding_savings WHERE finding_savings.tenant_id = @p1 AND finding_savings.scan_id = @p2 AND finding_savings.finding_id = @p3 AND finding_savings.position = @p4

GO

DELETE FROM finding_savings WHERE finding_savings.tenant_id = @p1 AND finding_savings.scan_id = @p2 AND finding_savings.finding_id = @p3 AND finding_savings.position > @p4

GO

EXEC sp_set_session_context @key = N'tenant_id', @value = @p1; EXEC sp_set_session_context @key = N'is_system', @value = NULL;

GO

INSERT INTO audit_events (occurred_at, tenant_id, user_object_id, actor_kind, actor_id, actor_name, action, subject_kind, subject_id, reason, outcome, details_json) OUTPUT inserted.event_id VALUES (@p1, @p2, @p3, @p4, @p5, @p6, @p7, @p8, @p9, NULL, @p10, @p11)

GO

INSERT INTO finding_resources (finding_id, position, tenant_id, scan_id, resource_id, resource_name, resource_type, sub_account_id, resource_group, region_id, evidence_json, note, is_excluded, owner_tag) VALUES (@p1, @p2, @p3, @p4, @p5, @p6, @p7, @p8, @p9, @p10, @p11, @p12, @p13, @p14)

GO

INSERT INTO finding_resources (finding_id, position, tenant_id, scan_id, resource_id, resource_name, resource_type, sub_account_id, resource_group, region_id, evidence_json, note, is_excluded, owner_tag) VALUES (@p1, @p2, @p3, @p4, @p5, @p6, @p7, @p8, @p9, @p10, @p11, @p12, @p13, NULL)

GO

INSERT INTO finding_resources (finding_id, position, tenant_id, scan_id, resource_id, resource_name, resource_type, sub_account_id, resource_group, region_id, evidence_json, note, is_excluded, owner_tag) VALUES (@p1, @p2, @p3, @p4, @p5, @p6, @p7, @p8, @p9, @p10, @p11, NULL, @p12, NULL)

GO

INSERT INTO finding_savings (finding_id, position, currency, tenant_id, scan_id, monthly, basis, yearly) VALUES (@p1, @p2, @p3, @p4, @p5, @p6, @p7, @p8)

GO

INSERT INTO finding_savings (finding_id, position, currency, tenant_id, scan_id, monthly, basis, yearly) VALUES (@p1, @p2, @p3, @p4, @p5, @p6, @p7, NULL)

GO

INSERT INTO finding_versions (finding_id, version, tenant_id, scan_id, status, title, text, confidence, effort, owner, savings_json, changed_at, changed_by, change) VALUES (@p1, @p2, @p3, @p4, @p5, @p6, @p7, @p8, @p9, @p10, @p11, @p12, @p13, NULL)

GO

INSERT INTO finding_versions (finding_id, version, tenant_id, scan_id, status, title, text, confidence, effort, owner, savings_json, changed_at, changed_by, change) VALUES (@p1, @p2, @p3, @p4, @p5, @p6, @p7, @p8, @p9, NULL, @p10, @p11, @p12, @p13)

GO

INSERT INTO finding_versions (finding_id, version, tenant_id, scan_id, status, title, text, confidence, effort, owner, savings_json, changed_at, changed_by, change) VALUES (@p1, @p2, @p3, @p4, @p5, @p6, @p7, @p8, @p9, NULL, @p10, @p11, @p12, NULL)

GO

SELECT finding_resources.finding_id, finding_resources.position, finding_resources.tenant_id, finding_resources.scan_id, finding_resources.resource_id, finding_resources.resource_name, finding_resources.resource_type, finding_resources.sub_account_id, finding_resources.resource_group, finding_resources.region_id, finding_resources.evidence_json, finding_resources.note, finding_resources.is_excluded, finding_resources.owner_tag
FROM finding_resources
WHERE finding_resources.tenant_id = @p1 AND finding_resources.scan_id = @p2 AND finding_resources.finding_id = @p3 AND finding_resources.is_excluded = 0 ORDER BY finding_resources.finding_id, finding_resources.position

GO

SELECT finding_savings.finding_id, finding_savings.position, finding_savings.currency, finding_savings.tenant_id, finding_savings.scan_id, finding_savings.monthly, finding_savings.basis, finding_savings.yearly
FROM finding_savings
WHERE finding_savings.tenant_id = @p1 AND finding_savings.scan_id = @p2 AND finding_savings.finding_id = @p3

GO

SELECT finding_savings.finding_id, finding_savings.position, finding_savings.currency, finding_savings.tenant_id, finding_savings.scan_id, finding_savings.monthly, finding_savings.basis, finding_savings.yearly
FROM finding_savings
WHERE finding_savings.tenant_id = @p1 AND finding_savings.scan_id = @p2 AND finding_savings.finding_id = @p3 AND finding_savings.position = @p4

GO

SELECT findings.finding_id, findings.tenant_id, findings.scan_id, findings.finding_key, findings.status, findings.title, findings.text, findings.measure, findings.confidence, findings.effort, findings.owner, findings.version, findings.is_edited, findings.created_at, findings.updated_at, findings.updated_by, findings.published_at, findings.saving_from, findings.evidence_json, findings.carried_from, findings.to_check, findings.carried_text
FROM findings
WHERE findings.tenant_id = @p1 AND findings.scan_id = @p2 AND findings.finding_id = @p3 AND findings.version = @p4

GO

SELECT scans.scan_id
FROM scans WITH (UPDLOCK)
WHERE scans.tenant_id = @p1 AND scans.scan_id = @p2

GO

UPDATE findings SET status=@p1, title=@p2, text=@p3, measure=@p4, confidence=@p5, effort=@p6, owner=@p7, version=@p8, is_edited=@p9, updated_at=@p10, updated_by=@p11, published_at=NULL, saving_from=@p12, evidence_json=@p13, to_check=NULL WHERE findings.tenant_id = @p14 AND findings.scan_id = @p15 AND findings.finding_id = @p16 AND findings.version = @p17

GO

UPDATE findings SET status=@p1, title=@p2, text=@p3, measure=@p4, confidence=@p5, effort=@p6, owner=NULL, version=@p7, is_edited=@p8, updated_at=@p9, updated_by=@p10, published_at=NULL, saving_from=@p11, evidence_json=@p12, to_check=@p13 WHERE findings.tenant_id = @p14 AND findings.scan_id = @p15 AND findings.finding_id = @p16 AND findings.version = @p17

GO

UPDATE findings SET status=@p1, title=@p2, text=@p3, measure=@p4, confidence=@p5, effort=@p6, owner=NULL, version=@p7, is_edited=@p8, updated_at=@p9, updated_by=@p10, published_at=NULL, saving_from=@p11, evidence_json=@p12, to_check=NULL WHERE findings.tenant_id = @p13 AND findings.scan_id = @p14 AND findings.finding_id = @p15 AND findings.version = @p16

GO

-- FindingEdits.settle

DELETE FROM finding_proposals WHERE finding_proposals.tenant_id = @p1 AND finding_proposals.scan_id = @p2 AND finding_proposals.finding_id = @p3

GO

DELETE FROM finding_resources WHERE finding_resources.tenant_id = @p1 AND finding_resources.scan_id = @p2 AND finding_resources.finding_id = @p3 AND finding_resources.position > @p4

GO

DELETE FROM finding_savings WHERE finding_savings.tenant_id = @p1 AND finding_savings.scan_id = @p2 AND finding_savings.finding_id = @p3 AND finding_savings.position > @p4

GO

EXEC sp_set_session_context @key = N'tenant_id', @value = @p1; EXEC sp_set_session_context @key = N'is_system', @value = NULL;

GO

INSERT INTO audit_events (occurred_at, tenant_id, user_object_id, actor_kind, actor_id, actor_name, action, subject_kind, subject_id, reason, outcome, details_json) OUTPUT inserted.event_id VALUES (@p1, @p2, @p3, @p4, @p5, @p6, @p7, @p8, @p9, NULL, @p10, @p11)

GO

INSERT INTO finding_resources (finding_id, position, tenant_id, scan_id, resource_id, resource_name, resource_type, sub_account_id, resource_group, region_id, evidence_json, note, is_excluded, owner_tag) VALUES (@p1, @p2, @p3, @p4, @p5, @p6, @p7, @p8, @p9, @p10, @p11, NULL, @p12, NULL)

GO

INSERT INTO finding_savings (finding_id, position, currency, tenant_id, scan_id, monthly, basis, yearly) VALUES (@p1, @p2, @p3, @p4, @p5, @p6, @p7, NULL)

GO

INSERT INTO finding_versions (finding_id, version, tenant_id, scan_id, status, title, text, confidence, effort, owner, savings_json, changed_at, changed_by, change) VALUES (@p1, @p2, @p3, @p4, @p5, @p6, @p7, @p8, @p9, NULL, @p10, @p11, @p12, @p13)

GO

SELECT TOP 100 finding_versions.title, finding_versions.text
FROM finding_versions
WHERE finding_versions.tenant_id = @p1 AND finding_versions.scan_id = @p2 AND finding_versions.finding_id = @p3 AND finding_versions.changed_by IS NULL ORDER BY finding_versions.version DESC

GO

SELECT finding_proposals.finding_id, finding_proposals.tenant_id, finding_proposals.scan_id, finding_proposals.proposed_at, finding_proposals.title, finding_proposals.text, finding_proposals.resources_json, finding_proposals.evidence_json
FROM finding_proposals
WHERE finding_proposals.tenant_id = @p1 AND finding_proposals.scan_id = @p2 AND finding_proposals.finding_id = @p3

GO

SELECT finding_resources.finding_id, finding_resources.position, finding_resources.tenant_id, finding_resources.scan_id, finding_resources.resource_id, finding_resources.resource_name, finding_resources.resource_type, finding_resources.sub_account_id, finding_resources.resource_group, finding_resources.region_id, finding_resources.evidence_json, finding_resources.note, finding_resources.is_excluded, finding_resources.owner_tag
FROM finding_resources
WHERE finding_resources.tenant_id = @p1 AND finding_resources.scan_id = @p2 AND finding_resources.finding_id = @p3 AND finding_resources.is_excluded = 0 ORDER BY finding_resources.finding_id, finding_resources.position

GO

SELECT finding_savings.finding_id, finding_savings.position, finding_savings.currency, finding_savings.tenant_id, finding_savings.scan_id, finding_savings.monthly, finding_savings.basis, finding_savings.yearly
FROM finding_savings
WHERE finding_savings.tenant_id = @p1 AND finding_savings.scan_id = @p2 AND finding_savings.finding_id = @p3

GO

SELECT finding_savings.finding_id, finding_savings.position, finding_savings.currency, finding_savings.tenant_id, finding_savings.scan_id, finding_savings.monthly, finding_savings.basis, finding_savings.yearly
FROM finding_savings
WHERE finding_savings.tenant_id = @p1 AND finding_savings.scan_id = @p2 AND finding_savings.finding_id = @p3 AND finding_savings.position = @p4

GO

SELECT findings.finding_id, findings.tenant_id, findings.scan_id, findings.finding_key, findings.status, findings.title, findings.text, findings.measure, findings.confidence, findings.effort, findings.owner, findings.version, findings.is_edited, findings.created_at, findings.updated_at, findings.updated_by, findings.published_at, findings.saving_from, findings.evidence_json, findings.carried_from, findings.to_check, findings.carried_text
FROM findings
WHERE findings.tenant_id = @p1 AND findings.scan_id = @p2 AND findings.finding_id = @p3 AND findings.version = @p4

GO

SELECT scans.scan_id
FROM scans WITH (UPDLOCK)
WHERE scans.tenant_id = @p1 AND scans.scan_id = @p2

GO

UPDATE findings SET status=@p1, title=@p2, text=@p3, measure=@p4, confidence=@p5, effort=@p6, owner=NULL, version=@p7, is_edited=@p8, updated_at=@p9, updated_by=@p10, published_at=NULL, saving_from=@p11, evidence_json=@p12, to_check=NULL WHERE findings.tenant_id = @p13 AND findings.scan_id = @p14 AND findings.finding_id = @p15 AND findings.version = @p16
