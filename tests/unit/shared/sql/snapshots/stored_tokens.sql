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
