-- Connections._upsert

EXEC sp_set_session_context @key = N'tenant_id', @value = @p1; EXEC sp_set_session_context @key = N'is_system', @value = NULL;

GO

INSERT INTO audit_events (occurred_at, tenant_id, user_object_id, actor_kind, actor_id, actor_name, action, subject_kind, subject_id, reason, outcome, details_json) OUTPUT inserted.event_id VALUES (@p1, @p2, @p3, @p4, @p5, @p6, @p7, NULL, NULL, NULL, @p8, NULL)

GO

INSERT INTO connections (tenant_id, user_object_id, username, state, state_reason, claims_challenge, refresh_token_encrypted, version, consented_at) VALUES (@p1, @p2, @p3, @p4, NULL, NULL, @p5, @p6, @p7)

GO

UPDATE connections SET username=@p1, state=@p2, state_reason=NULL, claims_challenge=NULL, refresh_token_encrypted=@p3, version=(connections.version + @p4), consented_at=@p5 WHERE connections.tenant_id = @p6 AND connections.user_object_id = @p7

GO

-- Connections.confirm_mail_address

EXEC sp_set_session_context @key = N'tenant_id', @value = @p1; EXEC sp_set_session_context @key = N'is_system', @value = NULL;

GO

INSERT INTO audit_events (occurred_at, tenant_id, user_object_id, actor_kind, actor_id, actor_name, action, subject_kind, subject_id, reason, outcome, details_json) OUTPUT inserted.event_id VALUES (@p1, @p2, @p3, @p4, @p5, @p6, @p7, NULL, NULL, NULL, @p8, NULL)

GO

UPDATE connections SET version=(connections.version + @p1), mail_address=@p2 WHERE connections.tenant_id = @p3 AND connections.user_object_id = @p4

GO

-- Connections.disconnect

EXEC sp_set_session_context @key = N'tenant_id', @value = @p1; EXEC sp_set_session_context @key = N'is_system', @value = NULL;

GO

INSERT INTO audit_events (occurred_at, tenant_id, user_object_id, actor_kind, actor_id, actor_name, action, subject_kind, subject_id, reason, outcome, details_json) OUTPUT inserted.event_id VALUES (@p1, @p2, @p3, @p4, @p5, @p6, @p7, NULL, NULL, NULL, @p8, NULL)

GO

INSERT INTO audit_events (occurred_at, tenant_id, user_object_id, actor_kind, actor_id, actor_name, action, subject_kind, subject_id, reason, outcome, details_json) OUTPUT inserted.event_id VALUES (@p1, @p2, @p3, @p4, @p5, NULL, @p6, NULL, NULL, NULL, @p7, NULL)

GO

INSERT INTO audit_events (occurred_at, tenant_id, user_object_id, actor_kind, actor_id, actor_name, action, subject_kind, subject_id, reason, outcome, details_json) OUTPUT inserted.event_id VALUES (@p1, @p2, @p3, @p4, NULL, NULL, @p5, NULL, NULL, NULL, @p6, NULL)

GO

UPDATE connections SET state=@p1, state_reason=NULL, claims_challenge=NULL, refresh_token_encrypted=NULL, version=(connections.version + @p2) WHERE connections.tenant_id = @p3 AND connections.user_object_id = @p4

GO

-- Connections.get

EXEC sp_set_session_context @key = N'tenant_id', @value = @p1; EXEC sp_set_session_context @key = N'is_system', @value = NULL;

GO

SELECT connections.tenant_id, connections.user_object_id, connections.username, connections.state, connections.state_reason, connections.claims_challenge, connections.refresh_token_encrypted, connections.version, connections.consented_at, connections.mail_address
FROM connections
WHERE connections.tenant_id = @p1 AND connections.user_object_id = @p2

GO

-- Connections.replace_refresh_token

EXEC sp_set_session_context @key = N'tenant_id', @value = @p1; EXEC sp_set_session_context @key = N'is_system', @value = NULL;

GO

UPDATE connections SET refresh_token_encrypted=@p1, version=(connections.version + @p2) WHERE connections.tenant_id = @p3 AND connections.user_object_id = @p4 AND connections.version = @p5 AND connections.state = @p6

GO

-- Connections.require_sign_in

EXEC sp_set_session_context @key = N'tenant_id', @value = @p1; EXEC sp_set_session_context @key = N'is_system', @value = NULL;

GO

INSERT INTO audit_events (occurred_at, tenant_id, user_object_id, actor_kind, actor_id, actor_name, action, subject_kind, subject_id, reason, outcome, details_json) OUTPUT inserted.event_id VALUES (@p1, @p2, @p3, @p4, NULL, NULL, @p5, NULL, NULL, @p6, @p7, NULL)

GO

SELECT connections.state
FROM connections
WHERE connections.tenant_id = @p1 AND connections.user_object_id = @p2

GO

UPDATE connections SET state=@p1, state_reason=@p2, claims_challenge=@p3, refresh_token_encrypted=NULL, version=(connections.version + @p4) WHERE connections.tenant_id = @p5 AND connections.user_object_id = @p6 AND connections.state != @p7

GO

UPDATE connections SET state=@p1, state_reason=@p2, claims_challenge=NULL, refresh_token_encrypted=NULL, version=(connections.version + @p3) WHERE connections.tenant_id = @p4 AND connections.user_object_id = @p5 AND connections.state != @p6

GO

-- Connections.users

EXEC sp_set_session_context @key = N'tenant_id', @value = @p1; EXEC sp_set_session_context @key = N'is_system', @value = NULL;

GO

SELECT connections.user_object_id
FROM connections
WHERE connections.tenant_id = @p1

GO

-- StoredTokens.after

EXEC sp_set_session_context @key = N'tenant_id', @value = NULL; EXEC sp_set_session_context @key = N'is_system', @value = N'yes';

GO

SELECT TOP 100 connections.tenant_id, connections.user_object_id, connections.refresh_token_encrypted, connections.version
FROM connections
WHERE connections.refresh_token_encrypted IS NOT NULL AND (connections.tenant_id > @p1 OR connections.tenant_id = @p2 AND connections.user_object_id > @p3) ORDER BY connections.tenant_id, connections.user_object_id

GO

SELECT TOP 100 connections.tenant_id, connections.user_object_id, connections.refresh_token_encrypted, connections.version
FROM connections
WHERE connections.refresh_token_encrypted IS NOT NULL ORDER BY connections.tenant_id, connections.user_object_id
