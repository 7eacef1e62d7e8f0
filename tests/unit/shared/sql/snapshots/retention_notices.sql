-- RetentionNotices.write

EXEC sp_set_session_context @key = N'tenant_id', @value = @p1; EXEC sp_set_session_context @key = N'is_system', @value = NULL;

GO

INSERT INTO audit_events (occurred_at, tenant_id, user_object_id, actor_kind, actor_id, actor_name, action, subject_kind, subject_id, reason, outcome, details_json) OUTPUT inserted.event_id VALUES (@p1, @p2, @p3, @p4, NULL, NULL, @p5, @p6, @p7, NULL, @p8, @p9)

GO

INSERT INTO outbox (mail_id, tenant_id, scan_id, kind, recipient, state, code, attempt, not_before, changed_at) VALUES (@p1, @p2, @p3, @p4, @p5, @p6, NULL, @p7, NULL, @p8)

GO

SELECT TOP 100 scans.scan_id, coalesce(connections.mail_address, connections.username) AS coalesce_1, scans.user_object_id
FROM scans JOIN connections ON connections.tenant_id = scans.tenant_id AND connections.user_object_id = scans.user_object_id
WHERE scans.tenant_id = @p1 ORDER BY CASE WHEN (scans.status IN (@p2, @p3)) THEN @p4 ELSE @p5 END, scans.requested_at DESC, scans.scan_id

GO

SELECT outbox.kind
FROM outbox
WHERE outbox.tenant_id = @p1 AND outbox.scan_id = @p2

GO

SELECT outbox.mail_id
FROM outbox
WHERE outbox.tenant_id = @p1 AND outbox.scan_id = @p2 AND outbox.kind = @p3

GO

SELECT scans.scan_id
FROM scans WITH (UPDLOCK)
WHERE scans.tenant_id = @p1 AND scans.scan_id = @p2
