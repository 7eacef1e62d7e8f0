-- FindingStates._decide

DELETE FROM finding_states WHERE finding_states.tenant_id = @p1 AND finding_states.finding_key = @p2 AND finding_states.decided_at <= @p3

GO

DELETE FROM finding_states WHERE finding_states.tenant_id = @p1 AND finding_states.finding_key = @p2 AND finding_states.version = @p3 AND finding_states.user_object_id = @p4

GO

EXEC sp_set_session_context @key = N'tenant_id', @value = @p1; EXEC sp_set_session_context @key = N'is_system', @value = NULL;

GO

INSERT INTO audit_events (occurred_at, tenant_id, user_object_id, actor_kind, actor_id, actor_name, action, subject_kind, subject_id, reason, outcome, details_json) OUTPUT inserted.event_id VALUES (@p1, @p2, @p3, @p4, @p5, @p6, @p7, @p8, @p9, @p10, @p11, @p12)

GO

INSERT INTO audit_events (occurred_at, tenant_id, user_object_id, actor_kind, actor_id, actor_name, action, subject_kind, subject_id, reason, outcome, details_json) OUTPUT inserted.event_id VALUES (@p1, @p2, @p3, @p4, @p5, @p6, @p7, @p8, @p9, NULL, @p10, @p11)

GO

INSERT INTO finding_states (tenant_id, user_object_id, finding_key, scan_id, decision, reason, decided_at, decided_by, version, resources_json, owner, due_on, note, previous_json) VALUES (@p1, @p2, @p3, @p4, @p5, @p6, @p7, @p8, @p9, @p10, NULL, NULL, NULL, @p11)

GO

INSERT INTO finding_states (tenant_id, user_object_id, finding_key, scan_id, decision, reason, decided_at, decided_by, version, resources_json, owner, due_on, note, previous_json) VALUES (@p1, @p2, @p3, @p4, @p5, NULL, @p6, @p7, @p8, @p9, NULL, NULL, NULL, @p10)

GO

INSERT INTO finding_states (tenant_id, user_object_id, finding_key, scan_id, decision, reason, decided_at, decided_by, version, resources_json, owner, due_on, note, previous_json) VALUES (@p1, @p2, @p3, @p4, @p5, NULL, @p6, @p7, @p8, NULL, NULL, NULL, NULL, @p9)

GO

SELECT finding_states.tenant_id, finding_states.user_object_id, finding_states.finding_key, finding_states.scan_id, finding_states.decision, finding_states.reason, finding_states.decided_at, finding_states.decided_by, finding_states.version, finding_states.resources_json, finding_states.owner, finding_states.due_on, finding_states.note, finding_states.previous_json
FROM finding_states
WHERE finding_states.tenant_id = @p1 AND finding_states.finding_key = @p2 ORDER BY finding_states.decided_at, finding_states.version, finding_states.user_object_id

GO

SELECT findings.finding_id
FROM findings
WHERE findings.tenant_id = @p1 AND findings.finding_id = @p2 AND findings.status = @p3 AND findings.version = @p4

GO

SELECT scans.scan_id
FROM scans WITH (UPDLOCK)
WHERE scans.tenant_id = @p1 AND scans.scan_id = @p2

GO

-- FindingStates.all

EXEC sp_set_session_context @key = N'tenant_id', @value = @p1; EXEC sp_set_session_context @key = N'is_system', @value = NULL;

GO

SELECT finding_states.tenant_id, finding_states.user_object_id, finding_states.finding_key, finding_states.scan_id, finding_states.decision, finding_states.reason, finding_states.decided_at, finding_states.decided_by, finding_states.version, finding_states.resources_json, finding_states.owner, finding_states.due_on, finding_states.note, finding_states.previous_json
FROM finding_states
WHERE finding_states.tenant_id = @p1 ORDER BY finding_states.decided_at, finding_states.version, finding_states.user_object_id

GO

-- FindingStates.first_seen

EXEC sp_set_session_context @key = N'tenant_id', @value = @p1; EXEC sp_set_session_context @key = N'is_system', @value = NULL;

GO

SELECT findings.finding_key, min(scans.requested_at) AS min_1
FROM findings JOIN scans ON scans.tenant_id = findings.tenant_id AND scans.scan_id = findings.scan_id
WHERE findings.tenant_id = @p1 AND scans.tenant_id = @p2 AND scans.user_object_id = @p3 AND findings.status = @p4 GROUP BY findings.finding_key

GO

-- FindingStates.published_before

EXEC sp_set_session_context @key = N'tenant_id', @value = @p1; EXEC sp_set_session_context @key = N'is_system', @value = NULL;

GO

SELECT TOP 100 scans.scan_id
FROM scans JOIN findings ON scans.tenant_id = findings.tenant_id AND scans.scan_id = findings.scan_id
WHERE findings.tenant_id = @p1 AND scans.tenant_id = @p2 AND scans.user_object_id = @p3 AND findings.status = @p4 AND scans.requested_at < @p5 AND scans.scan_id != @p6 ORDER BY scans.requested_at DESC, scans.scan_id

GO

-- FindingStates.reviewed_before

EXEC sp_set_session_context @key = N'tenant_id', @value = @p1; EXEC sp_set_session_context @key = N'is_system', @value = NULL;

GO

SELECT TOP 100 scans.scan_id
FROM scans JOIN reviews ON scans.tenant_id = reviews.tenant_id AND scans.scan_id = reviews.scan_id
WHERE reviews.tenant_id = @p1 AND reviews.published_at IS NOT NULL AND scans.requested_at < @p2 AND scans.scan_id != @p3 ORDER BY scans.requested_at DESC, scans.scan_id
