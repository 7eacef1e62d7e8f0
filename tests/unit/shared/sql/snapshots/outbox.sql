-- Outbox._all

EXEC sp_set_session_context @key = N'tenant_id', @value = NULL; EXEC sp_set_session_context @key = N'is_system', @value = N'yes';

GO

SELECT outbox.mail_id, outbox.tenant_id, outbox.scan_id, outbox.kind, outbox.recipient, outbox.state, outbox.code, outbox.attempt, outbox.not_before, outbox.changed_at
FROM outbox
WHERE outbox.state = @p1 AND coalesce(outbox.not_before, outbox.changed_at) <= @p2 ORDER BY outbox.changed_at, outbox.mail_id

GO

SELECT outbox.mail_id, outbox.tenant_id, outbox.scan_id, outbox.kind, outbox.recipient, outbox.state, outbox.code, outbox.attempt, outbox.not_before, outbox.changed_at
FROM outbox
WHERE outbox.state = @p1 AND outbox.changed_at <= @p2 ORDER BY outbox.changed_at, outbox.mail_id

GO

-- Outbox._change

EXEC sp_set_session_context @key = N'tenant_id', @value = @p1; EXEC sp_set_session_context @key = N'is_system', @value = NULL;

GO

UPDATE outbox SET state=@p1, code=@p2, not_before=@p3, changed_at=@p4 WHERE outbox.tenant_id = @p5 AND outbox.mail_id = @p6 AND outbox.state = @p7 AND outbox.attempt = @p8

GO

UPDATE outbox SET state=@p1, code=@p2, not_before=NULL, changed_at=@p3 WHERE outbox.tenant_id = @p4 AND outbox.mail_id = @p5 AND outbox.state = @p6 AND outbox.attempt = @p7

GO

UPDATE outbox SET state=@p1, code=NULL, not_before=NULL, changed_at=@p2 WHERE outbox.tenant_id = @p3 AND outbox.mail_id = @p4 AND outbox.state = @p5 AND outbox.attempt = @p6

GO

-- Outbox._forget

DELETE FROM outbox WHERE outbox.tenant_id = @p1 AND outbox.mail_id = @p2 AND outbox.state = @p3 AND outbox.attempt = @p4

GO

EXEC sp_set_session_context @key = N'tenant_id', @value = @p1; EXEC sp_set_session_context @key = N'is_system', @value = NULL;

GO

INSERT INTO audit_events (occurred_at, tenant_id, user_object_id, actor_kind, actor_id, actor_name, action, subject_kind, subject_id, reason, outcome, details_json) OUTPUT inserted.event_id VALUES (@p1, @p2, @p3, @p4, NULL, NULL, @p5, @p6, @p7, NULL, @p8, @p9)

GO

INSERT INTO audit_events (occurred_at, tenant_id, user_object_id, actor_kind, actor_id, actor_name, action, subject_kind, subject_id, reason, outcome, details_json) OUTPUT inserted.event_id VALUES (@p1, @p2, NULL, @p3, NULL, NULL, @p4, @p5, @p6, NULL, @p7, @p8)

GO

SELECT audit_events.user_object_id
FROM audit_events
WHERE audit_events.tenant_id = @p1 AND audit_events.action = @p2 AND audit_events.subject_id = @p3

GO

-- Outbox.claim

EXEC sp_set_session_context @key = N'tenant_id', @value = @p1; EXEC sp_set_session_context @key = N'is_system', @value = NULL;

GO

SELECT outbox.mail_id, outbox.tenant_id, outbox.scan_id, outbox.kind, outbox.recipient, outbox.state, outbox.code, outbox.attempt, outbox.not_before, outbox.changed_at
FROM outbox
WHERE outbox.tenant_id = @p1 AND outbox.mail_id = @p2

GO

UPDATE outbox SET state=@p1, attempt=(outbox.attempt + @p2), changed_at=@p3 WHERE outbox.tenant_id = @p4 AND outbox.mail_id = @p5 AND outbox.state = @p6

GO

-- Outbox.of_scan

EXEC sp_set_session_context @key = N'tenant_id', @value = @p1; EXEC sp_set_session_context @key = N'is_system', @value = NULL;

GO

SELECT outbox.mail_id, outbox.tenant_id, outbox.scan_id, outbox.kind, outbox.recipient, outbox.state, outbox.code, outbox.attempt, outbox.not_before, outbox.changed_at
FROM outbox
WHERE outbox.tenant_id = @p1 AND outbox.scan_id = @p2 ORDER BY outbox.kind, outbox.mail_id

GO

-- enqueue

EXEC sp_set_session_context @key = N'tenant_id', @value = @p1; EXEC sp_set_session_context @key = N'is_system', @value = NULL;

GO

INSERT INTO outbox (mail_id, tenant_id, scan_id, kind, recipient, state, code, attempt, not_before, changed_at) VALUES (@p1, @p2, @p3, @p4, @p5, @p6, NULL, @p7, NULL, @p8)

GO

SELECT outbox.kind
FROM outbox
WHERE outbox.tenant_id = @p1 AND outbox.scan_id = @p2
