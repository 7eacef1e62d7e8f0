-- FindingPublication.history

EXEC sp_set_session_context @key = N'tenant_id', @value = @p1; EXEC sp_set_session_context @key = N'is_system', @value = NULL;

GO

SELECT finding_versions.version, finding_versions.status, finding_versions.title, finding_versions.text, finding_versions.confidence, finding_versions.effort, finding_versions.owner, finding_versions.savings_json, finding_versions.changed_at, finding_versions.changed_by, finding_versions.change
FROM finding_versions
WHERE finding_versions.tenant_id = @p1 AND finding_versions.scan_id = @p2 AND finding_versions.finding_id = @p3 ORDER BY finding_versions.version DESC

GO

-- FindingPublication.publish

EXEC sp_set_session_context @key = N'tenant_id', @value = @p1; EXEC sp_set_session_context @key = N'is_system', @value = NULL;

GO

INSERT INTO audit_events (occurred_at, tenant_id, user_object_id, actor_kind, actor_id, actor_name, action, subject_kind, subject_id, reason, outcome, details_json) OUTPUT inserted.event_id VALUES (@p1, @p2, @p3, @p4, @p5, @p6, @p7, @p8, @p9, NULL, @p10, @p11)

GO

INSERT INTO finding_ledger (ledger_id, tenant_id, finding_key, resource_key, title, measure, resource_id, resource_name, resource_type, sub_account_id, resource_group, first_scan_id, first_reported_at, scan_id, observed_at, fate, fate_since, first_month, open_until, estimated_json, last_estimated_json, months_json, realized_json, billed_since_json) VALUES (@p1, @p2, @p3, @p4, @p5, @p6, @p7, @p8, @p9, @p10, @p11, @p12, @p13, @p14, @p15, @p16, @p17, @p18, @p19, @p20, @p21, @p22, @p23, @p24)

GO

INSERT INTO finding_ledger (ledger_id, tenant_id, finding_key, resource_key, title, measure, resource_id, resource_name, resource_type, sub_account_id, resource_group, first_scan_id, first_reported_at, scan_id, observed_at, fate, fate_since, first_month, open_until, estimated_json, last_estimated_json, months_json, realized_json, billed_since_json) VALUES (@p1, @p2, @p3, @p4, @p5, @p6, @p7, @p8, @p9, @p10, NULL, @p11, @p12, @p13, @p14, @p15, @p16, @p17, @p18, @p19, @p20, @p21, @p22, @p23)

GO

INSERT INTO finding_versions (finding_id, version, tenant_id, scan_id, status, title, text, confidence, effort, owner, savings_json, changed_at, changed_by, change) VALUES (@p1, @p2, @p3, @p4, @p5, @p6, @p7, @p8, @p9, NULL, @p10, @p11, @p12, NULL)

GO

INSERT INTO outbox (mail_id, tenant_id, scan_id, kind, recipient, state, code, attempt, not_before, changed_at) VALUES (@p1, @p2, @p3, @p4, @p5, @p6, NULL, @p7, NULL, @p8)

GO

INSERT INTO reviews (tenant_id, scan_id) VALUES (@p1, @p2)

GO

SELECT finding_ledger.ledger_id, finding_ledger.finding_key, finding_ledger.resource_key
FROM finding_ledger
WHERE finding_ledger.tenant_id = @p1

GO

SELECT finding_resources.finding_id, finding_resources.position, finding_resources.tenant_id, finding_resources.scan_id, finding_resources.resource_id, finding_resources.resource_name, finding_resources.resource_type, finding_resources.sub_account_id, finding_resources.resource_group, finding_resources.region_id, finding_resources.evidence_json, finding_resources.note, finding_resources.is_excluded, finding_resources.owner_tag
FROM finding_resources
WHERE finding_resources.tenant_id = @p1 AND finding_resources.scan_id = @p2 AND finding_resources.finding_id = @p3 AND finding_resources.is_excluded = 0 ORDER BY finding_resources.finding_id, finding_resources.position

GO

SELECT finding_resources.finding_id, finding_resources.position, finding_resources.tenant_id, finding_resources.scan_id, finding_resources.resource_id, finding_resources.resource_name, finding_resources.resource_type, finding_resources.sub_account_id, finding_resources.resource_group, finding_resources.region_id, finding_resources.evidence_json, finding_resources.note, finding_resources.is_excluded, finding_resources.owner_tag
FROM finding_resources
WHERE finding_resources.tenant_id = @p1 AND finding_resources.scan_id = @p2 AND finding_resources.is_excluded = 0 ORDER BY finding_resources.finding_id, finding_resources.position

GO

SELECT finding_savings.finding_id, finding_savings.position, finding_savings.currency, finding_savings.tenant_id, finding_savings.scan_id, finding_savings.monthly, finding_savings.basis, finding_savings.yearly
FROM finding_savings
WHERE finding_savings.tenant_id = @p1 AND finding_savings.scan_id = @p2

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

UPDATE finding_ledger SET resource_key=@p1, title=@p2, resource_id=@p3, resource_name=@p4, resource_type=@p5, sub_account_id=@p6, resource_group=@p7, scan_id=@p8, last_estimated_json=@p9 WHERE finding_ledger.tenant_id = @p10 AND finding_ledger.ledger_id = @p11 AND finding_ledger.observed_at <= @p12

GO

UPDATE findings SET status=@p1, title=@p2, text=@p3, measure=@p4, confidence=@p5, effort=@p6, owner=NULL, version=@p7, is_edited=@p8, updated_at=@p9, updated_by=@p10, published_at=@p11, saving_from=@p12, evidence_json=@p13, to_check=@p14 WHERE findings.tenant_id = @p15 AND findings.scan_id = @p16 AND findings.finding_id = @p17 AND findings.version = @p18

GO

UPDATE findings SET status=@p1, title=@p2, text=@p3, measure=@p4, confidence=@p5, effort=@p6, owner=NULL, version=@p7, is_edited=@p8, updated_at=@p9, updated_by=@p10, published_at=@p11, saving_from=@p12, evidence_json=@p13, to_check=NULL WHERE findings.tenant_id = @p14 AND findings.scan_id = @p15 AND findings.finding_id = @p16 AND findings.version = @p17

GO

UPDATE reviews SET published_by=@p1, published_by_name=@p2, published_at=@p3 WHERE reviews.tenant_id = @p4 AND reviews.scan_id = @p5 AND reviews.published_at IS NULL

GO

UPDATE scans SET review_published_at=@p1 WHERE scans.tenant_id = @p2 AND scans.scan_id = @p3
