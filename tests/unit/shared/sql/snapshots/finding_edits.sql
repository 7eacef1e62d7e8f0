-- FindingEdits._insert

EXEC sp_set_session_context @key = N'tenant_id', @value = @p1; EXEC sp_set_session_context @key = N'is_system', @value = NULL;

GO

INSERT INTO audit_events (occurred_at, tenant_id, user_object_id, actor_kind, actor_id, actor_name, action, subject_kind, subject_id, reason, outcome, details_json) OUTPUT inserted.event_id VALUES (@p1, @p2, @p3, @p4, @p5, @p6, @p7, @p8, @p9, @p10, @p11, @p12)

GO

INSERT INTO finding_versions (finding_id, version, tenant_id, scan_id, status, title, text, confidence, effort, owner, savings_json, changed_at, changed_by) VALUES (@p1, @p2, @p3, @p4, @p5, @p6, @p7, @p8, @p9, @p10, @p11, @p12, @p13)

GO

INSERT INTO findings (finding_id, tenant_id, scan_id, finding_key, status, title, text, measure, confidence, effort, owner, version, is_edited, created_at, updated_at, updated_by, published_at) VALUES (@p1, @p2, @p3, @p4, @p5, @p6, @p7, @p8, @p9, @p10, @p11, @p12, @p13, @p14, @p15, @p16, @p17)

GO

SELECT scans.scan_id
FROM scans WITH (UPDLOCK)
WHERE scans.tenant_id = @p1 AND scans.scan_id = @p2

GO

-- FindingEdits.history

EXEC sp_set_session_context @key = N'tenant_id', @value = @p1; EXEC sp_set_session_context @key = N'is_system', @value = NULL;

GO

SELECT finding_versions.version, finding_versions.status, finding_versions.title, finding_versions.text, finding_versions.confidence, finding_versions.effort, finding_versions.owner, finding_versions.savings_json, finding_versions.changed_at, finding_versions.changed_by
FROM finding_versions
WHERE finding_versions.tenant_id = @p1 AND finding_versions.scan_id = @p2 AND finding_versions.finding_id = @p3 ORDER BY finding_versions.version DESC

GO

-- FindingEdits.move

EXEC sp_set_session_context @key = N'tenant_id', @value = @p1; EXEC sp_set_session_context @key = N'is_system', @value = NULL;

GO

INSERT INTO audit_events (occurred_at, tenant_id, user_object_id, actor_kind, actor_id, actor_name, action, subject_kind, subject_id, reason, outcome, details_json) OUTPUT inserted.event_id VALUES (@p1, @p2, @p3, @p4, @p5, @p6, @p7, @p8, @p9, @p10, @p11, @p12)

GO

INSERT INTO finding_versions (finding_id, version, tenant_id, scan_id, status, title, text, confidence, effort, owner, savings_json, changed_at, changed_by) VALUES (@p1, @p2, @p3, @p4, @p5, @p6, @p7, @p8, @p9, @p10, @p11, @p12, @p13)

GO

SELECT finding_savings.finding_id, finding_savings.position, finding_savings.currency, finding_savings.tenant_id, finding_savings.scan_id, finding_savings.monthly, finding_savings.basis
FROM finding_savings
WHERE finding_savings.tenant_id = @p1 AND finding_savings.scan_id = @p2 AND finding_savings.finding_id = @p3 AND finding_savings.position = @p4

GO

SELECT findings.finding_id, findings.tenant_id, findings.scan_id, findings.finding_key, findings.status, findings.title, findings.text, findings.measure, findings.confidence, findings.effort, findings.owner, findings.version, findings.is_edited, findings.created_at, findings.updated_at, findings.updated_by, findings.published_at
FROM findings
WHERE findings.tenant_id = @p1 AND findings.scan_id = @p2 AND findings.finding_id = @p3 AND findings.version = @p4

GO

SELECT scans.scan_id
FROM scans WITH (UPDLOCK)
WHERE scans.tenant_id = @p1 AND scans.scan_id = @p2

GO

UPDATE findings SET status=@p1, title=@p2, text=@p3, confidence=@p4, effort=@p5, owner=@p6, version=@p7, is_edited=@p8, updated_at=@p9, updated_by=@p10, published_at=@p11 WHERE findings.tenant_id = @p12 AND findings.finding_id = @p13 AND findings.version = @p14

GO

-- FindingEdits.publish

EXEC sp_set_session_context @key = N'tenant_id', @value = @p1; EXEC sp_set_session_context @key = N'is_system', @value = NULL;

GO

INSERT INTO audit_events (occurred_at, tenant_id, user_object_id, actor_kind, actor_id, actor_name, action, subject_kind, subject_id, reason, outcome, details_json) OUTPUT inserted.event_id VALUES (@p1, @p2, @p3, @p4, @p5, @p6, @p7, @p8, @p9, @p10, @p11, @p12)

GO

INSERT INTO finding_versions (finding_id, version, tenant_id, scan_id, status, title, text, confidence, effort, owner, savings_json, changed_at, changed_by) VALUES (@p1, @p2, @p3, @p4, @p5, @p6, @p7, @p8, @p9, @p10, @p11, @p12, @p13)

GO

INSERT INTO outbox (mail_id, tenant_id, scan_id, kind, recipient, state, code, attempt, not_before, changed_at) VALUES (@p1, @p2, @p3, @p4, @p5, @p6, @p7, @p8, @p9, @p10)

GO

INSERT INTO reviews (tenant_id, scan_id) VALUES (@p1, @p2)

GO

SELECT finding_savings.finding_id, finding_savings.position, finding_savings.currency, finding_savings.tenant_id, finding_savings.scan_id, finding_savings.monthly, finding_savings.basis
FROM finding_savings
WHERE finding_savings.tenant_id = @p1 AND finding_savings.scan_id = @p2 AND finding_savings.finding_id = @p3 AND finding_savings.position = @p4

GO

SELECT findings.finding_id, findings.tenant_id, findings.scan_id, findings.finding_key, findings.status, findings.title, findings.text, findings.measure, findings.confidence, findings.effort, findings.owner, findings.version, findings.is_edited, findings.created_at, findings.updated_at, findings.updated_by, findings.published_at
FROM findings
WHERE findings.tenant_id = @p1 AND findings.scan_id = @p2 AND findings.status = @p3

GO

SELECT outbox.kind
FROM outbox
WHERE outbox.tenant_id = @p1 AND outbox.scan_id = @p2

GO

SELECT reviews.scan_id
FROM reviews
WHERE reviews.tenant_id = @p1 AND reviews.scan_id = @p2

GO

SELECT scans.scan_id
FROM scans WITH (UPDLOCK)
WHERE scans.tenant_id = @p1 AND scans.scan_id = @p2

GO

UPDATE findings SET status=@p1, title=@p2, text=@p3, confidence=@p4, effort=@p5, owner=@p6, version=@p7, is_edited=@p8, updated_at=@p9, updated_by=@p10, published_at=@p11 WHERE findings.tenant_id = @p12 AND findings.finding_id = @p13 AND findings.version = @p14

GO

UPDATE reviews SET published_by=@p1, published_by_name=@p2, published_at=@p3 WHERE reviews.tenant_id = @p4 AND reviews.scan_id = @p5 AND reviews.published_at IS NULL

GO

-- FindingEdits.save

DELETE FROM finding_savings WHERE finding_savings.tenant_id = @p1 AND finding_savings.finding_id = @p2 AND finding_savings.position = @p3

GO

EXEC sp_set_session_context @key = N'tenant_id', @value = @p1; EXEC sp_set_session_context @key = N'is_system', @value = NULL;

GO

INSERT INTO audit_events (occurred_at, tenant_id, user_object_id, actor_kind, actor_id, actor_name, action, subject_kind, subject_id, reason, outcome, details_json) OUTPUT inserted.event_id VALUES (@p1, @p2, @p3, @p4, @p5, @p6, @p7, @p8, @p9, @p10, @p11, @p12)

GO

INSERT INTO finding_savings (finding_id, position, currency, tenant_id, scan_id, monthly, basis) VALUES (@p1, @p2, @p3, @p4, @p5, @p6, @p7)

GO

INSERT INTO finding_versions (finding_id, version, tenant_id, scan_id, status, title, text, confidence, effort, owner, savings_json, changed_at, changed_by) VALUES (@p1, @p2, @p3, @p4, @p5, @p6, @p7, @p8, @p9, @p10, @p11, @p12, @p13)

GO

SELECT findings.finding_id, findings.tenant_id, findings.scan_id, findings.finding_key, findings.status, findings.title, findings.text, findings.measure, findings.confidence, findings.effort, findings.owner, findings.version, findings.is_edited, findings.created_at, findings.updated_at, findings.updated_by, findings.published_at
FROM findings
WHERE findings.tenant_id = @p1 AND findings.scan_id = @p2 AND findings.finding_id = @p3 AND findings.version = @p4

GO

SELECT scans.scan_id
FROM scans WITH (UPDLOCK)
WHERE scans.tenant_id = @p1 AND scans.scan_id = @p2

GO

UPDATE findings SET status=@p1, title=@p2, text=@p3, confidence=@p4, effort=@p5, owner=@p6, version=@p7, is_edited=@p8, updated_at=@p9, updated_by=@p10, published_at=@p11 WHERE findings.tenant_id = @p12 AND findings.finding_id = @p13 AND findings.version = @p14
