-- AuditLog._delete_batch

EXEC dbo.delete_audit_events @before = @p1, @most = @p2

GO

EXEC sp_set_session_context @key = N'tenant_id', @value = NULL; EXEC sp_set_session_context @key = N'is_system', @value = N'yes';

GO

-- AuditLog._read

EXEC sp_set_session_context @key = N'tenant_id', @value = @p1; EXEC sp_set_session_context @key = N'is_system', @value = NULL;

GO

SELECT TOP 100 audit_events.event_id, audit_events.occurred_at, audit_events.tenant_id, audit_events.user_object_id, audit_events.actor_kind, audit_events.actor_id, audit_events.actor_name, audit_events.action, audit_events.subject_kind, audit_events.subject_id, audit_events.reason, audit_events.outcome, audit_events.details_json, audit_events.actor_name_lower, audit_events.actor_name_domain
FROM audit_events
WHERE audit_events.tenant_id = @p1 AND (audit_events.user_object_id = @p2 OR audit_events.user_object_id IS NULL) ORDER BY audit_events.event_id DESC

GO

SELECT TOP 100 audit_events.event_id, audit_events.occurred_at, audit_events.tenant_id, audit_events.user_object_id, audit_events.actor_kind, audit_events.actor_id, audit_events.actor_name, audit_events.action, audit_events.subject_kind, audit_events.subject_id, audit_events.reason, audit_events.outcome, audit_events.details_json, audit_events.actor_name_lower, audit_events.actor_name_domain
FROM audit_events
WHERE audit_events.tenant_id = @p1 AND audit_events.action = @p2 AND audit_events.actor_kind = @p3 ORDER BY audit_events.event_id DESC

GO

SELECT TOP 100 audit_events.event_id, audit_events.occurred_at, audit_events.tenant_id, audit_events.user_object_id, audit_events.actor_kind, audit_events.actor_id, audit_events.actor_name, audit_events.action, audit_events.subject_kind, audit_events.subject_id, audit_events.reason, audit_events.outcome, audit_events.details_json, audit_events.actor_name_lower, audit_events.actor_name_domain
FROM audit_events
WHERE audit_events.tenant_id = @p1 AND audit_events.action = @p2 ORDER BY audit_events.event_id DESC

GO

SELECT TOP 100 audit_events.event_id, audit_events.occurred_at, audit_events.tenant_id, audit_events.user_object_id, audit_events.actor_kind, audit_events.actor_id, audit_events.actor_name, audit_events.action, audit_events.subject_kind, audit_events.subject_id, audit_events.reason, audit_events.outcome, audit_events.details_json, audit_events.actor_name_lower, audit_events.actor_name_domain
FROM audit_events
WHERE audit_events.tenant_id = @p1 AND audit_events.actor_kind = @p2 ORDER BY audit_events.event_id DESC

GO

SELECT TOP 100 audit_events.event_id, audit_events.occurred_at, audit_events.tenant_id, audit_events.user_object_id, audit_events.actor_kind, audit_events.actor_id, audit_events.actor_name, audit_events.action, audit_events.subject_kind, audit_events.subject_id, audit_events.reason, audit_events.outcome, audit_events.details_json, audit_events.actor_name_lower, audit_events.actor_name_domain
FROM audit_events
WHERE audit_events.tenant_id = @p1 AND audit_events.event_id < @p2 ORDER BY audit_events.event_id DESC

GO

SELECT TOP 100 audit_events.event_id, audit_events.occurred_at, audit_events.tenant_id, audit_events.user_object_id, audit_events.actor_kind, audit_events.actor_id, audit_events.actor_name, audit_events.action, audit_events.subject_kind, audit_events.subject_id, audit_events.reason, audit_events.outcome, audit_events.details_json, audit_events.actor_name_lower, audit_events.actor_name_domain
FROM audit_events
WHERE audit_events.tenant_id = @p1 AND audit_events.occurred_at < @p2 ORDER BY audit_events.event_id DESC

GO

SELECT TOP 100 audit_events.event_id, audit_events.occurred_at, audit_events.tenant_id, audit_events.user_object_id, audit_events.actor_kind, audit_events.actor_id, audit_events.actor_name, audit_events.action, audit_events.subject_kind, audit_events.subject_id, audit_events.reason, audit_events.outcome, audit_events.details_json, audit_events.actor_name_lower, audit_events.actor_name_domain
FROM audit_events
WHERE audit_events.tenant_id = @p1 AND audit_events.occurred_at >= @p2 ORDER BY audit_events.event_id DESC

GO

SELECT TOP 100 audit_events.event_id, audit_events.occurred_at, audit_events.tenant_id, audit_events.user_object_id, audit_events.actor_kind, audit_events.actor_id, audit_events.actor_name, audit_events.action, audit_events.subject_kind, audit_events.subject_id, audit_events.reason, audit_events.outcome, audit_events.details_json, audit_events.actor_name_lower, audit_events.actor_name_domain
FROM audit_events
WHERE audit_events.tenant_id = @p1 ORDER BY audit_events.event_id DESC

GO

-- AuditLog.append

EXEC sp_set_session_context @key = N'tenant_id', @value = @p1; EXEC sp_set_session_context @key = N'is_system', @value = NULL;

GO

EXEC sp_set_session_context @key = N'tenant_id', @value = NULL; EXEC sp_set_session_context @key = N'is_system', @value = N'yes';

GO

INSERT INTO audit_events (occurred_at, tenant_id, user_object_id, actor_kind, actor_id, actor_name, action, subject_kind, subject_id, reason, outcome, details_json) OUTPUT inserted.event_id VALUES (@p1, @p2, @p3, @p4, @p5, @p6, @p7, @p8, @p9, @p10, @p11, @p12)

GO

INSERT INTO audit_events (occurred_at, tenant_id, user_object_id, actor_kind, actor_id, actor_name, action, subject_kind, subject_id, reason, outcome, details_json) OUTPUT inserted.event_id VALUES (@p1, @p2, @p3, @p4, @p5, @p6, @p7, @p8, @p9, NULL, @p10, @p11)

GO

INSERT INTO audit_events (occurred_at, tenant_id, user_object_id, actor_kind, actor_id, actor_name, action, subject_kind, subject_id, reason, outcome, details_json) OUTPUT inserted.event_id VALUES (@p1, @p2, @p3, @p4, @p5, @p6, @p7, NULL, NULL, NULL, @p8, @p9)

GO

INSERT INTO audit_events (occurred_at, tenant_id, user_object_id, actor_kind, actor_id, actor_name, action, subject_kind, subject_id, reason, outcome, details_json) OUTPUT inserted.event_id VALUES (@p1, @p2, @p3, @p4, @p5, @p6, @p7, NULL, NULL, NULL, @p8, NULL)

GO

INSERT INTO audit_events (occurred_at, tenant_id, user_object_id, actor_kind, actor_id, actor_name, action, subject_kind, subject_id, reason, outcome, details_json) OUTPUT inserted.event_id VALUES (@p1, @p2, NULL, @p3, @p4, @p5, @p6, @p7, @p8, @p9, @p10, @p11)

GO

INSERT INTO audit_events (occurred_at, tenant_id, user_object_id, actor_kind, actor_id, actor_name, action, subject_kind, subject_id, reason, outcome, details_json) OUTPUT inserted.event_id VALUES (@p1, @p2, NULL, @p3, @p4, @p5, @p6, NULL, NULL, @p7, @p8, @p9)

GO

INSERT INTO audit_events (occurred_at, tenant_id, user_object_id, actor_kind, actor_id, actor_name, action, subject_kind, subject_id, reason, outcome, details_json) OUTPUT inserted.event_id VALUES (@p1, @p2, NULL, @p3, @p4, @p5, @p6, NULL, NULL, @p7, @p8, NULL)

GO

INSERT INTO audit_events (occurred_at, tenant_id, user_object_id, actor_kind, actor_id, actor_name, action, subject_kind, subject_id, reason, outcome, details_json) OUTPUT inserted.event_id VALUES (@p1, @p2, NULL, @p3, @p4, @p5, @p6, NULL, NULL, NULL, @p7, NULL)

GO

INSERT INTO audit_events (occurred_at, tenant_id, user_object_id, actor_kind, actor_id, actor_name, action, subject_kind, subject_id, reason, outcome, details_json) OUTPUT inserted.event_id VALUES (@p1, @p2, NULL, @p3, NULL, NULL, @p4, NULL, NULL, NULL, @p5, NULL)

GO

INSERT INTO audit_events (occurred_at, tenant_id, user_object_id, actor_kind, actor_id, actor_name, action, subject_kind, subject_id, reason, outcome, details_json) OUTPUT inserted.event_id VALUES (@p1, NULL, @p2, @p3, @p4, @p5, @p6, NULL, NULL, NULL, @p7, NULL)

GO

INSERT INTO audit_events (occurred_at, tenant_id, user_object_id, actor_kind, actor_id, actor_name, action, subject_kind, subject_id, reason, outcome, details_json) OUTPUT inserted.event_id VALUES (@p1, NULL, NULL, @p2, @p3, @p4, @p5, NULL, NULL, NULL, @p6, NULL)

GO

-- AuditLog.count_of_customer

EXEC sp_set_session_context @key = N'tenant_id', @value = @p1; EXEC sp_set_session_context @key = N'is_system', @value = NULL;

GO

SELECT count(*) AS count_1
FROM audit_events
WHERE audit_events.tenant_id = @p1

GO

SELECT count(*) AS count_1
FROM audit_events
WHERE audit_events.tenant_id = @p1 AND audit_events.occurred_at >= @p2 AND audit_events.occurred_at < @p3

GO

-- AuditLog.count_of_user

EXEC sp_set_session_context @key = N'tenant_id', @value = @p1; EXEC sp_set_session_context @key = N'is_system', @value = NULL;

GO

SELECT count(*) AS count_1
FROM audit_events
WHERE audit_events.tenant_id = @p1 AND (audit_events.user_object_id = @p2 OR audit_events.user_object_id IS NULL)

GO

-- AuditLog.extract

EXEC sp_set_session_context @key = N'tenant_id', @value = @p1; EXEC sp_set_session_context @key = N'is_system', @value = NULL;

GO

INSERT INTO audit_events (occurred_at, tenant_id, user_object_id, actor_kind, actor_id, actor_name, action, subject_kind, subject_id, reason, outcome, details_json) OUTPUT inserted.event_id VALUES (@p1, @p2, @p3, @p4, @p5, @p6, @p7, @p8, @p9, @p10, @p11, @p12)

GO

INSERT INTO audit_events (occurred_at, tenant_id, user_object_id, actor_kind, actor_id, actor_name, action, subject_kind, subject_id, reason, outcome, details_json) OUTPUT inserted.event_id VALUES (@p1, @p2, NULL, @p3, @p4, @p5, @p6, NULL, NULL, @p7, @p8, @p9)

GO

SELECT TOP 100 audit_events.event_id, audit_events.occurred_at, audit_events.tenant_id, audit_events.user_object_id, audit_events.actor_kind, audit_events.actor_id, audit_events.actor_name, audit_events.action, audit_events.subject_kind, audit_events.subject_id, audit_events.reason, audit_events.outcome, audit_events.details_json, audit_events.actor_name_lower, audit_events.actor_name_domain
FROM audit_events
WHERE audit_events.tenant_id = @p1 AND audit_events.occurred_at >= @p2 AND audit_events.occurred_at < @p3 ORDER BY audit_events.event_id DESC

GO

SELECT TOP 100 audit_events.event_id, audit_events.occurred_at, audit_events.tenant_id, audit_events.user_object_id, audit_events.actor_kind, audit_events.actor_id, audit_events.actor_name, audit_events.action, audit_events.subject_kind, audit_events.subject_id, audit_events.reason, audit_events.outcome, audit_events.details_json, audit_events.actor_name_lower, audit_events.actor_name_domain
FROM audit_events
WHERE audit_events.tenant_id = @p1 ORDER BY audit_events.event_id DESC

GO

-- record

EXEC sp_set_session_context @key = N'tenant_id', @value = @p1; EXEC sp_set_session_context @key = N'is_system', @value = NULL;

GO

INSERT INTO audit_events (occurred_at, tenant_id, user_object_id, actor_kind, actor_id, actor_name, action, subject_kind, subject_id, reason, outcome, details_json) OUTPUT inserted.event_id VALUES (@p1, @p2, @p3, @p4, @p5, @p6, @p7, NULL, NULL, NULL, @p8, NULL)
