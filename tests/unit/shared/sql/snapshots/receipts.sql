-- Receipts._list

EXEC sp_set_session_context @key = N'tenant_id', @value = @p1; EXEC sp_set_session_context @key = N'is_system', @value = NULL;

GO

EXEC sp_set_session_context @key = N'tenant_id', @value = NULL; EXEC sp_set_session_context @key = N'is_system', @value = N'yes';

GO

SELECT purges.purge_id, purges.receipt_id, purges.tenant_id, purges.scope, purges.user_object_id, purges.scan_ids_json, purges.reason, purges.requested_at, purges.state, purges.counts_json, purges.rows_deleted, purges.purged_at
FROM purges
WHERE purges.receipt_id = @p1 AND NOT (EXISTS (SELECT *
FROM deletion_ledger
WHERE deletion_ledger.receipt_id = purges.receipt_id))

GO

SELECT purges.purge_id, purges.receipt_id, purges.tenant_id, purges.scope, purges.user_object_id, purges.scan_ids_json, purges.reason, purges.requested_at, purges.state, purges.counts_json, purges.rows_deleted, purges.purged_at
FROM purges
WHERE purges.requested_at >= @p1 AND NOT (EXISTS (SELECT *
FROM deletion_ledger
WHERE deletion_ledger.receipt_id = purges.receipt_id))

GO

SELECT purges.purge_id, purges.receipt_id, purges.tenant_id, purges.scope, purges.user_object_id, purges.scan_ids_json, purges.reason, purges.requested_at, purges.state, purges.counts_json, purges.rows_deleted, purges.purged_at
FROM purges
WHERE purges.tenant_id = @p1 AND NOT (EXISTS (SELECT *
FROM deletion_ledger
WHERE deletion_ledger.receipt_id = purges.receipt_id))

GO

SELECT requested.entry_id, requested.receipt_id, requested.event, requested.tenant_pseudonym, requested.user_pseudonym, requested.scope, requested.scan_count, requested.reason, requested.requested_at, requested.recorded_at, requested.counts_json, requested.rows_deleted, finished.event AS ended, coalesce(finished.counts_json, purges.counts_json, requested.counts_json) AS counts, coalesce(finished.recorded_at, purges.purged_at, requested.recorded_at) AS worked_at
FROM deletion_ledger AS requested LEFT OUTER JOIN deletion_ledger AS finished ON finished.receipt_id = requested.receipt_id AND finished.event = @p1 LEFT OUTER JOIN purges ON purges.receipt_id = requested.receipt_id
WHERE requested.event = @p2 AND requested.receipt_id = @p3

GO

SELECT requested.entry_id, requested.receipt_id, requested.event, requested.tenant_pseudonym, requested.user_pseudonym, requested.scope, requested.scan_count, requested.reason, requested.requested_at, requested.recorded_at, requested.counts_json, requested.rows_deleted, finished.event AS ended, coalesce(finished.counts_json, purges.counts_json, requested.counts_json) AS counts, coalesce(finished.recorded_at, purges.purged_at, requested.recorded_at) AS worked_at
FROM deletion_ledger AS requested LEFT OUTER JOIN deletion_ledger AS finished ON finished.receipt_id = requested.receipt_id AND finished.event = @p1 LEFT OUTER JOIN purges ON purges.receipt_id = requested.receipt_id
WHERE requested.event = @p2 AND requested.requested_at >= @p3

GO

SELECT requested.entry_id, requested.receipt_id, requested.event, requested.tenant_pseudonym, requested.user_pseudonym, requested.scope, requested.scan_count, requested.reason, requested.requested_at, requested.recorded_at, requested.counts_json, requested.rows_deleted, finished.event AS ended, coalesce(finished.counts_json, purges.counts_json, requested.counts_json) AS counts, coalesce(finished.recorded_at, purges.purged_at, requested.recorded_at) AS worked_at
FROM deletion_ledger AS requested LEFT OUTER JOIN deletion_ledger AS finished ON finished.receipt_id = requested.receipt_id AND finished.event = @p1 LEFT OUTER JOIN purges ON purges.receipt_id = requested.receipt_id
WHERE requested.event = @p2 AND requested.tenant_pseudonym IN (@p3)

GO

SELECT requested.entry_id, requested.receipt_id, requested.event, requested.tenant_pseudonym, requested.user_pseudonym, requested.scope, requested.scan_count, requested.reason, requested.requested_at, requested.recorded_at, requested.counts_json, requested.rows_deleted, finished.event AS ended, coalesce(finished.counts_json, purges.counts_json, requested.counts_json) AS counts, coalesce(finished.recorded_at, purges.purged_at, requested.recorded_at) AS worked_at
FROM deletion_ledger AS requested LEFT OUTER JOIN deletion_ledger AS finished ON finished.receipt_id = requested.receipt_id AND finished.event = @p1 LEFT OUTER JOIN purges ON purges.receipt_id = requested.receipt_id
WHERE requested.event = @p2 AND requested.tenant_pseudonym IN (@p3, @p4)

GO

-- Receipts.move_finished

DELETE FROM purges WHERE purges.tenant_id = @p1 AND purges.receipt_id = @p2

GO

EXEC sp_set_session_context @key = N'tenant_id', @value = NULL; EXEC sp_set_session_context @key = N'is_system', @value = N'yes';

GO

INSERT INTO deletion_ledger (receipt_id, event, tenant_pseudonym, user_pseudonym, scope, scan_count, reason, requested_at, recorded_at, counts_json, rows_deleted) OUTPUT inserted.entry_id VALUES (@p1, @p2, @p3, NULL, @p4, @p5, @p6, @p7, @p8, @p9, @p10)

GO

SELECT deletion_ledger.entry_id
FROM deletion_ledger
WHERE deletion_ledger.receipt_id = @p1 AND deletion_ledger.event = @p2

GO

SELECT purges.purge_id, purges.receipt_id, purges.tenant_id, purges.scope, purges.user_object_id, purges.scan_ids_json, purges.reason, purges.requested_at, purges.state, purges.counts_json, purges.rows_deleted, purges.purged_at
FROM purges
WHERE purges.state = @p1
