-- KnownOperators.since

EXEC sp_set_session_context @key = N'tenant_id', @value = @p1; EXEC sp_set_session_context @key = N'is_system', @value = NULL;

GO

EXEC sp_set_session_context @key = N'tenant_id', @value = NULL; EXEC sp_set_session_context @key = N'is_system', @value = N'yes';

GO

SELECT audit_events.actor_id, audit_events.actor_name
FROM audit_events
WHERE audit_events.tenant_id IS NULL AND audit_events.action = @p1 AND audit_events.occurred_at >= @p2 AND audit_events.actor_id IS NOT NULL ORDER BY audit_events.event_id
