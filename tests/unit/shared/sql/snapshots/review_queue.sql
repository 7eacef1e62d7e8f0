-- ReviewQueue.counts

EXEC sp_set_session_context @key = N'tenant_id', @value = NULL; EXEC sp_set_session_context @key = N'is_system', @value = N'yes';

GO

SELECT count(*) AS count_1
FROM scans
WHERE status IN ('requested', 'collecting', 'finishing')

GO

SELECT sum(CASE WHEN (status IN ('collected', 'partial') AND review_published_at IS NULL AND reviews.published_at IS NULL) THEN @p1 ELSE @p2 END) AS [open], sum(CASE WHEN (status IN ('collected', 'partial') AND review_published_at IS NULL AND reviews.published_at IS NULL AND coalesce(reviews.claimed_by, @p3) = @p4) THEN @p5 ELSE @p6 END) AS mine, sum(CASE WHEN (status IN ('collected', 'partial') AND review_published_at IS NULL AND reviews.published_at IS NULL AND reviews.claimed_by IS NULL) THEN @p7 ELSE @p8 END) AS unclaimed, sum(CASE WHEN (status IN ('collected', 'partial') AND review_published_at IS NULL AND reviews.published_at IS NULL AND scans.finished_at <= @p9) THEN @p10 ELSE @p11 END) AS overdue
FROM scans LEFT OUTER JOIN reviews ON reviews.tenant_id = scans.tenant_id AND reviews.scan_id = scans.scan_id
WHERE status IN ('collected', 'partial') AND review_published_at IS NULL AND reviews.published_at IS NULL

GO

-- ReviewQueue.find

EXEC sp_set_session_context @key = N'tenant_id', @value = @p1; EXEC sp_set_session_context @key = N'is_system', @value = NULL;

GO

EXEC sp_set_session_context @key = N'tenant_id', @value = NULL; EXEC sp_set_session_context @key = N'is_system', @value = N'yes';

GO

SELECT scans.tenant_id, scans.scan_id, scans.user_object_id, scans.status, scans.status_reason, scans.requested_at, scans.finished_at, scans.period_start, scans.period_end, scans.left_out_json
FROM scans
WHERE scans.scan_id = @p1

GO

SELECT scans.tenant_id, scans.scan_id, scans.user_object_id, scans.status, scans.status_reason, scans.requested_at, scans.finished_at, scans.period_start, scans.period_end, scans.left_out_json
FROM scans
WHERE scans.scan_id = @p1 AND scans.tenant_id = @p2

GO

-- ReviewQueue.list

EXEC sp_set_session_context @key = N'tenant_id', @value = NULL; EXEC sp_set_session_context @key = N'is_system', @value = N'yes';

GO

SELECT TOP 100 scans.tenant_id, scans.scan_id, scans.user_object_id, scans.status, scans.status_reason, scans.requested_at, scans.finished_at, scans.period_start, scans.period_end, scans.left_out_json, scans.spend_json, scans.subscriptions, scans.subscriptions_in_full, reviews.claimed_by, reviews.claimed_by_name, reviews.claimed_at, reviews.published_by, reviews.published_by_name, reviews.published_at, reviews.findings_deleted_at, connections.username
FROM scans LEFT OUTER JOIN reviews ON reviews.tenant_id = scans.tenant_id AND reviews.scan_id = scans.scan_id LEFT OUTER JOIN connections ON connections.tenant_id = scans.tenant_id AND connections.user_object_id = scans.user_object_id
WHERE NOT (status IN ('requested', 'collecting', 'finishing')) AND NOT (status IN ('collected', 'partial') AND review_published_at IS NULL AND reviews.published_at IS NULL) AND (scans.tenant_id IN (@p1) OR scans.scan_id >= @p2 AND scans.scan_id < @p3) ORDER BY scans.requested_at DESC, scans.scan_id DESC

GO

SELECT TOP 100 scans.tenant_id, scans.scan_id, scans.user_object_id, scans.status, scans.status_reason, scans.requested_at, scans.finished_at, scans.period_start, scans.period_end, scans.left_out_json, scans.spend_json, scans.subscriptions, scans.subscriptions_in_full, reviews.claimed_by, reviews.claimed_by_name, reviews.claimed_at, reviews.published_by, reviews.published_by_name, reviews.published_at, reviews.findings_deleted_at, connections.username
FROM scans LEFT OUTER JOIN reviews ON reviews.tenant_id = scans.tenant_id AND reviews.scan_id = scans.scan_id LEFT OUTER JOIN connections ON connections.tenant_id = scans.tenant_id AND connections.user_object_id = scans.user_object_id
WHERE NOT (status IN ('requested', 'collecting', 'finishing')) AND NOT (status IN ('collected', 'partial') AND review_published_at IS NULL AND reviews.published_at IS NULL) AND (scans.tenant_id IN (NULL) AND (1 != 1) OR scans.scan_id >= @p1 AND scans.scan_id < @p2) ORDER BY scans.requested_at DESC, scans.scan_id DESC

GO

SELECT TOP 100 scans.tenant_id, scans.scan_id, scans.user_object_id, scans.status, scans.status_reason, scans.requested_at, scans.finished_at, scans.period_start, scans.period_end, scans.left_out_json, scans.spend_json, scans.subscriptions, scans.subscriptions_in_full, reviews.claimed_by, reviews.claimed_by_name, reviews.claimed_at, reviews.published_by, reviews.published_by_name, reviews.published_at, reviews.findings_deleted_at, connections.username
FROM scans LEFT OUTER JOIN reviews ON reviews.tenant_id = scans.tenant_id AND reviews.scan_id = scans.scan_id LEFT OUTER JOIN connections ON connections.tenant_id = scans.tenant_id AND connections.user_object_id = scans.user_object_id
WHERE NOT (status IN ('requested', 'collecting', 'finishing')) AND NOT (status IN ('collected', 'partial') AND review_published_at IS NULL AND reviews.published_at IS NULL) AND scans.tenant_id IN (@p1) ORDER BY scans.requested_at DESC, scans.scan_id DESC

GO

SELECT TOP 100 scans.tenant_id, scans.scan_id, scans.user_object_id, scans.status, scans.status_reason, scans.requested_at, scans.finished_at, scans.period_start, scans.period_end, scans.left_out_json, scans.spend_json, scans.subscriptions, scans.subscriptions_in_full, reviews.claimed_by, reviews.claimed_by_name, reviews.claimed_at, reviews.published_by, reviews.published_by_name, reviews.published_at, reviews.findings_deleted_at, connections.username
FROM scans LEFT OUTER JOIN reviews ON reviews.tenant_id = scans.tenant_id AND reviews.scan_id = scans.scan_id LEFT OUTER JOIN connections ON connections.tenant_id = scans.tenant_id AND connections.user_object_id = scans.user_object_id
WHERE NOT (status IN ('requested', 'collecting', 'finishing')) AND NOT (status IN ('collected', 'partial') AND review_published_at IS NULL AND reviews.published_at IS NULL) AND scans.tenant_id IN (NULL) AND (1 != 1) ORDER BY scans.requested_at DESC, scans.scan_id DESC

GO

SELECT TOP 100 scans.tenant_id, scans.scan_id, scans.user_object_id, scans.status, scans.status_reason, scans.requested_at, scans.finished_at, scans.period_start, scans.period_end, scans.left_out_json, scans.spend_json, scans.subscriptions, scans.subscriptions_in_full, reviews.claimed_by, reviews.claimed_by_name, reviews.claimed_at, reviews.published_by, reviews.published_by_name, reviews.published_at, reviews.findings_deleted_at, connections.username
FROM scans LEFT OUTER JOIN reviews ON reviews.tenant_id = scans.tenant_id AND reviews.scan_id = scans.scan_id LEFT OUTER JOIN connections ON connections.tenant_id = scans.tenant_id AND connections.user_object_id = scans.user_object_id
WHERE NOT (status IN ('requested', 'collecting', 'finishing')) AND NOT (status IN ('collected', 'partial') AND review_published_at IS NULL AND reviews.published_at IS NULL) ORDER BY scans.requested_at DESC, scans.scan_id DESC

GO

SELECT TOP 100 scans.tenant_id, scans.scan_id, scans.user_object_id, scans.status, scans.status_reason, scans.requested_at, scans.finished_at, scans.period_start, scans.period_end, scans.left_out_json, scans.spend_json, scans.subscriptions, scans.subscriptions_in_full, reviews.claimed_by, reviews.claimed_by_name, reviews.claimed_at, reviews.published_by, reviews.published_by_name, reviews.published_at, reviews.findings_deleted_at, connections.username
FROM scans LEFT OUTER JOIN reviews ON reviews.tenant_id = scans.tenant_id AND reviews.scan_id = scans.scan_id LEFT OUTER JOIN connections ON connections.tenant_id = scans.tenant_id AND connections.user_object_id = scans.user_object_id
WHERE review_published_at IS NOT NULL ORDER BY scans.review_published_at DESC, scans.scan_id DESC

GO

SELECT anon_1.tenant_id
FROM (SELECT DISTINCT TOP 100 connections.tenant_id AS tenant_id
FROM connections
WHERE connections.username_lower >= @p1 AND connections.username_lower < @p2 ORDER BY connections.tenant_id) AS anon_1 UNION SELECT anon_2.tenant_id
FROM (SELECT DISTINCT TOP 100 connections.tenant_id AS tenant_id
FROM connections
WHERE connections.username_domain >= @p3 AND connections.username_domain < @p4 ORDER BY connections.tenant_id) AS anon_2

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
WHERE scans.tenant_id >= @p7 AND scans.tenant_id < @p8 ORDER BY scans.tenant_id) AS anon_4

GO

SELECT scans.tenant_id, scans.scan_id, scans.user_object_id, scans.status, scans.status_reason, scans.requested_at, scans.finished_at, scans.period_start, scans.period_end, scans.left_out_json, scans.spend_json, scans.subscriptions, scans.subscriptions_in_full, reviews.claimed_by, reviews.claimed_by_name, reviews.claimed_at, reviews.published_by, reviews.published_by_name, reviews.published_at, reviews.findings_deleted_at, connections.username
FROM scans LEFT OUTER JOIN reviews ON reviews.tenant_id = scans.tenant_id AND reviews.scan_id = scans.scan_id LEFT OUTER JOIN connections ON connections.tenant_id = scans.tenant_id AND connections.user_object_id = scans.user_object_id
WHERE status IN ('collected', 'partial') AND review_published_at IS NULL AND reviews.published_at IS NULL AND (scans.tenant_id IN (@p1) OR scans.scan_id >= @p2 AND scans.scan_id < @p3) ORDER BY scans.finished_at, scans.scan_id

GO

SELECT scans.tenant_id, scans.scan_id, scans.user_object_id, scans.status, scans.status_reason, scans.requested_at, scans.finished_at, scans.period_start, scans.period_end, scans.left_out_json, scans.spend_json, scans.subscriptions, scans.subscriptions_in_full, reviews.claimed_by, reviews.claimed_by_name, reviews.claimed_at, reviews.published_by, reviews.published_by_name, reviews.published_at, reviews.findings_deleted_at, connections.username
FROM scans LEFT OUTER JOIN reviews ON reviews.tenant_id = scans.tenant_id AND reviews.scan_id = scans.scan_id LEFT OUTER JOIN connections ON connections.tenant_id = scans.tenant_id AND connections.user_object_id = scans.user_object_id
WHERE status IN ('collected', 'partial') AND review_published_at IS NULL AND reviews.published_at IS NULL AND (scans.tenant_id IN (NULL) AND (1 != 1) OR scans.scan_id >= @p1 AND scans.scan_id < @p2) ORDER BY scans.finished_at, scans.scan_id

GO

SELECT scans.tenant_id, scans.scan_id, scans.user_object_id, scans.status, scans.status_reason, scans.requested_at, scans.finished_at, scans.period_start, scans.period_end, scans.left_out_json, scans.spend_json, scans.subscriptions, scans.subscriptions_in_full, reviews.claimed_by, reviews.claimed_by_name, reviews.claimed_at, reviews.published_by, reviews.published_by_name, reviews.published_at, reviews.findings_deleted_at, connections.username
FROM scans LEFT OUTER JOIN reviews ON reviews.tenant_id = scans.tenant_id AND reviews.scan_id = scans.scan_id LEFT OUTER JOIN connections ON connections.tenant_id = scans.tenant_id AND connections.user_object_id = scans.user_object_id
WHERE status IN ('collected', 'partial') AND review_published_at IS NULL AND reviews.published_at IS NULL AND coalesce(reviews.claimed_by, @p1) = @p2 ORDER BY scans.finished_at, scans.scan_id

GO

SELECT scans.tenant_id, scans.scan_id, scans.user_object_id, scans.status, scans.status_reason, scans.requested_at, scans.finished_at, scans.period_start, scans.period_end, scans.left_out_json, scans.spend_json, scans.subscriptions, scans.subscriptions_in_full, reviews.claimed_by, reviews.claimed_by_name, reviews.claimed_at, reviews.published_by, reviews.published_by_name, reviews.published_at, reviews.findings_deleted_at, connections.username
FROM scans LEFT OUTER JOIN reviews ON reviews.tenant_id = scans.tenant_id AND reviews.scan_id = scans.scan_id LEFT OUTER JOIN connections ON connections.tenant_id = scans.tenant_id AND connections.user_object_id = scans.user_object_id
WHERE status IN ('collected', 'partial') AND review_published_at IS NULL AND reviews.published_at IS NULL AND reviews.claimed_by IS NULL ORDER BY scans.finished_at, scans.scan_id

GO

SELECT scans.tenant_id, scans.scan_id, scans.user_object_id, scans.status, scans.status_reason, scans.requested_at, scans.finished_at, scans.period_start, scans.period_end, scans.left_out_json, scans.spend_json, scans.subscriptions, scans.subscriptions_in_full, reviews.claimed_by, reviews.claimed_by_name, reviews.claimed_at, reviews.published_by, reviews.published_by_name, reviews.published_at, reviews.findings_deleted_at, connections.username
FROM scans LEFT OUTER JOIN reviews ON reviews.tenant_id = scans.tenant_id AND reviews.scan_id = scans.scan_id LEFT OUTER JOIN connections ON connections.tenant_id = scans.tenant_id AND connections.user_object_id = scans.user_object_id
WHERE status IN ('collected', 'partial') AND review_published_at IS NULL AND reviews.published_at IS NULL AND scans.finished_at <= @p1 ORDER BY scans.finished_at, scans.scan_id

GO

SELECT scans.tenant_id, scans.scan_id, scans.user_object_id, scans.status, scans.status_reason, scans.requested_at, scans.finished_at, scans.period_start, scans.period_end, scans.left_out_json, scans.spend_json, scans.subscriptions, scans.subscriptions_in_full, reviews.claimed_by, reviews.claimed_by_name, reviews.claimed_at, reviews.published_by, reviews.published_by_name, reviews.published_at, reviews.findings_deleted_at, connections.username
FROM scans LEFT OUTER JOIN reviews ON reviews.tenant_id = scans.tenant_id AND reviews.scan_id = scans.scan_id LEFT OUTER JOIN connections ON connections.tenant_id = scans.tenant_id AND connections.user_object_id = scans.user_object_id
WHERE status IN ('collected', 'partial') AND review_published_at IS NULL AND reviews.published_at IS NULL AND scans.tenant_id IN (@p1) ORDER BY scans.finished_at, scans.scan_id

GO

SELECT scans.tenant_id, scans.scan_id, scans.user_object_id, scans.status, scans.status_reason, scans.requested_at, scans.finished_at, scans.period_start, scans.period_end, scans.left_out_json, scans.spend_json, scans.subscriptions, scans.subscriptions_in_full, reviews.claimed_by, reviews.claimed_by_name, reviews.claimed_at, reviews.published_by, reviews.published_by_name, reviews.published_at, reviews.findings_deleted_at, connections.username
FROM scans LEFT OUTER JOIN reviews ON reviews.tenant_id = scans.tenant_id AND reviews.scan_id = scans.scan_id LEFT OUTER JOIN connections ON connections.tenant_id = scans.tenant_id AND connections.user_object_id = scans.user_object_id
WHERE status IN ('collected', 'partial') AND review_published_at IS NULL AND reviews.published_at IS NULL AND scans.tenant_id IN (NULL) AND (1 != 1) ORDER BY scans.finished_at, scans.scan_id

GO

SELECT scans.tenant_id, scans.scan_id, scans.user_object_id, scans.status, scans.status_reason, scans.requested_at, scans.finished_at, scans.period_start, scans.period_end, scans.left_out_json, scans.spend_json, scans.subscriptions, scans.subscriptions_in_full, reviews.claimed_by, reviews.claimed_by_name, reviews.claimed_at, reviews.published_by, reviews.published_by_name, reviews.published_at, reviews.findings_deleted_at, connections.username
FROM scans LEFT OUTER JOIN reviews ON reviews.tenant_id = scans.tenant_id AND reviews.scan_id = scans.scan_id LEFT OUTER JOIN connections ON connections.tenant_id = scans.tenant_id AND connections.user_object_id = scans.user_object_id
WHERE status IN ('collected', 'partial') AND review_published_at IS NULL AND reviews.published_at IS NULL ORDER BY scans.finished_at, scans.scan_id

GO

SELECT scans.tenant_id, scans.scan_id, scans.user_object_id, scans.status, scans.status_reason, scans.requested_at, scans.finished_at, scans.period_start, scans.period_end, scans.left_out_json, scans.spend_json, scans.subscriptions, scans.subscriptions_in_full, reviews.claimed_by, reviews.claimed_by_name, reviews.claimed_at, reviews.published_by, reviews.published_by_name, reviews.published_at, reviews.findings_deleted_at, connections.username
FROM scans LEFT OUTER JOIN reviews ON reviews.tenant_id = scans.tenant_id AND reviews.scan_id = scans.scan_id LEFT OUTER JOIN connections ON connections.tenant_id = scans.tenant_id AND connections.user_object_id = scans.user_object_id
WHERE status IN ('requested', 'collecting', 'finishing')

GO

SELECT scans.tenant_id, scans.scan_id, scans.user_object_id, scans.status, scans.status_reason, scans.requested_at, scans.finished_at, scans.period_start, scans.period_end, scans.left_out_json, scans.spend_json, scans.subscriptions, scans.subscriptions_in_full, reviews.claimed_by, reviews.claimed_by_name, reviews.claimed_at, reviews.published_by, reviews.published_by_name, reviews.published_at, reviews.findings_deleted_at, connections.username
FROM scans LEFT OUTER JOIN reviews ON reviews.tenant_id = scans.tenant_id AND reviews.scan_id = scans.scan_id LEFT OUTER JOIN connections ON connections.tenant_id = scans.tenant_id AND connections.user_object_id = scans.user_object_id
WHERE status IN ('requested', 'collecting', 'finishing') AND (scans.tenant_id IN (@p1) OR scans.scan_id >= @p2 AND scans.scan_id < @p3)

GO

SELECT scans.tenant_id, scans.scan_id, scans.user_object_id, scans.status, scans.status_reason, scans.requested_at, scans.finished_at, scans.period_start, scans.period_end, scans.left_out_json, scans.spend_json, scans.subscriptions, scans.subscriptions_in_full, reviews.claimed_by, reviews.claimed_by_name, reviews.claimed_at, reviews.published_by, reviews.published_by_name, reviews.published_at, reviews.findings_deleted_at, connections.username
FROM scans LEFT OUTER JOIN reviews ON reviews.tenant_id = scans.tenant_id AND reviews.scan_id = scans.scan_id LEFT OUTER JOIN connections ON connections.tenant_id = scans.tenant_id AND connections.user_object_id = scans.user_object_id
WHERE status IN ('requested', 'collecting', 'finishing') AND (scans.tenant_id IN (NULL) AND (1 != 1) OR scans.scan_id >= @p1 AND scans.scan_id < @p2)

GO

SELECT scans.tenant_id, scans.scan_id, scans.user_object_id, scans.status, scans.status_reason, scans.requested_at, scans.finished_at, scans.period_start, scans.period_end, scans.left_out_json, scans.spend_json, scans.subscriptions, scans.subscriptions_in_full, reviews.claimed_by, reviews.claimed_by_name, reviews.claimed_at, reviews.published_by, reviews.published_by_name, reviews.published_at, reviews.findings_deleted_at, connections.username
FROM scans LEFT OUTER JOIN reviews ON reviews.tenant_id = scans.tenant_id AND reviews.scan_id = scans.scan_id LEFT OUTER JOIN connections ON connections.tenant_id = scans.tenant_id AND connections.user_object_id = scans.user_object_id
WHERE status IN ('requested', 'collecting', 'finishing') AND scans.tenant_id IN (@p1)

GO

SELECT scans.tenant_id, scans.scan_id, scans.user_object_id, scans.status, scans.status_reason, scans.requested_at, scans.finished_at, scans.period_start, scans.period_end, scans.left_out_json, scans.spend_json, scans.subscriptions, scans.subscriptions_in_full, reviews.claimed_by, reviews.claimed_by_name, reviews.claimed_at, reviews.published_by, reviews.published_by_name, reviews.published_at, reviews.findings_deleted_at, connections.username
FROM scans LEFT OUTER JOIN reviews ON reviews.tenant_id = scans.tenant_id AND reviews.scan_id = scans.scan_id LEFT OUTER JOIN connections ON connections.tenant_id = scans.tenant_id AND connections.user_object_id = scans.user_object_id
WHERE status IN ('requested', 'collecting', 'finishing') AND scans.tenant_id IN (NULL) AND (1 != 1)
