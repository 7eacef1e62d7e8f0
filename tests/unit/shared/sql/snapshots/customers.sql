-- Customers.find

EXEC sp_set_session_context @key = N'tenant_id', @value = NULL; EXEC sp_set_session_context @key = N'is_system', @value = N'yes';

GO

SELECT anon_1.tenant_id
FROM (SELECT DISTINCT TOP 100 connections.tenant_id AS tenant_id
FROM connections
WHERE connections.username_lower >= @p1 AND connections.username_lower < @p2 ORDER BY connections.tenant_id) AS anon_1 UNION SELECT anon_2.tenant_id
FROM (SELECT DISTINCT TOP 100 connections.tenant_id AS tenant_id
FROM connections
WHERE connections.username_domain >= @p3 AND connections.username_domain < @p4 ORDER BY connections.tenant_id) AS anon_2 UNION SELECT anon_3.tenant_id
FROM (SELECT DISTINCT TOP 100 audit_events.tenant_id AS tenant_id
FROM audit_events
WHERE audit_events.actor_kind = @p5 AND audit_events.tenant_id IS NOT NULL AND audit_events.actor_name_lower >= @p6 AND audit_events.actor_name_lower < @p7 ORDER BY audit_events.tenant_id) AS anon_3 UNION SELECT anon_4.tenant_id
FROM (SELECT DISTINCT TOP 100 audit_events.tenant_id AS tenant_id
FROM audit_events
WHERE audit_events.actor_kind = @p8 AND audit_events.tenant_id IS NOT NULL AND audit_events.actor_name_domain >= @p9 AND audit_events.actor_name_domain < @p10 ORDER BY audit_events.tenant_id) AS anon_4

GO

SELECT anon_1.tenant_id
FROM (SELECT DISTINCT TOP 100 connections.tenant_id AS tenant_id
FROM connections
WHERE connections.username_lower >= @p1 AND connections.username_lower < @p2 ORDER BY connections.tenant_id) AS anon_1 UNION SELECT anon_2.tenant_id
FROM (SELECT DISTINCT TOP 100 connections.tenant_id AS tenant_id
FROM connections
WHERE connections.username_domain >= @p3 AND connections.username_domain < @p4 ORDER BY connections.tenant_id) AS anon_2 UNION SELECT anon_3.tenant_id
FROM (SELECT DISTINCT TOP 100 connections.tenant_id AS tenant_id
FROM connections
WHERE connections.tenant_id >= @p5 AND connections.tenant_id < @p6 ORDER BY connections.tenant_id) AS anon_3 UNION SELECT anon_4.tenant_id
FROM (SELECT DISTINCT TOP 100 scans.tenant_id AS tenant_id
FROM scans
WHERE scans.tenant_id >= @p7 AND scans.tenant_id < @p8 ORDER BY scans.tenant_id) AS anon_4 UNION SELECT anon_5.tenant_id
FROM (SELECT DISTINCT TOP 100 audit_events.tenant_id AS tenant_id
FROM audit_events
WHERE audit_events.actor_kind = @p9 AND audit_events.tenant_id IS NOT NULL AND audit_events.actor_name_lower >= @p10 AND audit_events.actor_name_lower < @p11 ORDER BY audit_events.tenant_id) AS anon_5 UNION SELECT anon_6.tenant_id
FROM (SELECT DISTINCT TOP 100 audit_events.tenant_id AS tenant_id
FROM audit_events
WHERE audit_events.actor_kind = @p12 AND audit_events.tenant_id IS NOT NULL AND audit_events.actor_name_domain >= @p13 AND audit_events.actor_name_domain < @p14 ORDER BY audit_events.tenant_id) AS anon_6 UNION SELECT anon_7.tenant_id
FROM (SELECT DISTINCT TOP 100 audit_events.tenant_id AS tenant_id
FROM audit_events
WHERE audit_events.tenant_id >= @p15 AND audit_events.tenant_id < @p16 ORDER BY audit_events.tenant_id) AS anon_7

GO

SELECT anon_1.tenant_id
FROM (SELECT DISTINCT TOP 100 connections.tenant_id AS tenant_id
FROM connections ORDER BY connections.tenant_id) AS anon_1 UNION SELECT anon_2.tenant_id
FROM (SELECT DISTINCT TOP 100 scans.tenant_id AS tenant_id
FROM scans ORDER BY scans.tenant_id) AS anon_2

GO

SELECT connections.tenant_id, connections.user_object_id, connections.username, connections.state, connections.consented_at
FROM connections
WHERE connections.tenant_id IN (@p1)

GO

SELECT connections.tenant_id, connections.user_object_id, connections.username, connections.state, connections.consented_at
FROM connections
WHERE connections.tenant_id IN (NULL) AND (1 != 1)

GO

SELECT scans.tenant_id, scans.user_object_id, count(*) AS number, max(scans.requested_at) AS latest
FROM scans
WHERE scans.tenant_id IN (@p1) GROUP BY scans.tenant_id, scans.user_object_id

GO

SELECT scans.tenant_id, scans.user_object_id, count(*) AS number, max(scans.requested_at) AS latest
FROM scans
WHERE scans.tenant_id IN (NULL) AND (1 != 1) GROUP BY scans.tenant_id, scans.user_object_id

GO

-- Customers.is_known

EXEC sp_set_session_context @key = N'tenant_id', @value = @p1; EXEC sp_set_session_context @key = N'is_system', @value = NULL;

GO

SELECT TOP 100 audit_events.tenant_id
FROM audit_events
WHERE audit_events.tenant_id = @p1

GO

SELECT TOP 100 connections.tenant_id
FROM connections
WHERE connections.tenant_id = @p1

GO

SELECT TOP 100 purges.tenant_id
FROM purges
WHERE purges.tenant_id = @p1

GO

SELECT TOP 100 scans.tenant_id
FROM scans
WHERE scans.tenant_id = @p1

GO

-- Customers.names

EXEC sp_set_session_context @key = N'tenant_id', @value = NULL; EXEC sp_set_session_context @key = N'is_system', @value = N'yes';

GO

SELECT connections.tenant_id, connections.user_object_id, connections.username, connections.state, connections.consented_at
FROM connections
WHERE connections.tenant_id IN (@p1)

GO

SELECT scans.tenant_id, scans.user_object_id, count(*) AS number, max(scans.requested_at) AS latest
FROM scans
WHERE scans.tenant_id IN (@p1) GROUP BY scans.tenant_id, scans.user_object_id

GO

-- Customers.users

EXEC sp_set_session_context @key = N'tenant_id', @value = @p1; EXEC sp_set_session_context @key = N'is_system', @value = NULL;

GO

EXEC sp_set_session_context @key = N'tenant_id', @value = NULL; EXEC sp_set_session_context @key = N'is_system', @value = N'yes';

GO

SELECT connections.tenant_id, connections.user_object_id, connections.username, connections.state, connections.consented_at
FROM connections
WHERE connections.tenant_id IN (@p1)

GO

SELECT scans.tenant_id, scans.user_object_id, count(*) AS number, max(scans.requested_at) AS latest
FROM scans
WHERE scans.tenant_id IN (@p1) GROUP BY scans.tenant_id, scans.user_object_id
