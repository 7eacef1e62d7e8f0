-- Deletions._ask_if_due

DELETE FROM connections WHERE connections.tenant_id = @p1 AND connections.consented_at <= @p2

GO

DELETE FROM scans WHERE scans.tenant_id = @p1 AND scans.scan_id IN (@p2)

GO

DELETE FROM scans WHERE scans.tenant_id = @p1 AND scans.scan_id IN (@p2, @p3)

GO

EXEC sp_set_session_context @key = N'tenant_id', @value = @p1; EXEC sp_set_session_context @key = N'is_system', @value = NULL;

GO

INSERT INTO audit_events (occurred_at, tenant_id, user_object_id, actor_kind, actor_id, actor_name, action, subject_kind, subject_id, reason, outcome, details_json) OUTPUT inserted.event_id VALUES (@p1, @p2, NULL, @p3, NULL, NULL, @p4, @p5, @p6, @p7, @p8, @p9)

GO

INSERT INTO audit_events (occurred_at, tenant_id, user_object_id, actor_kind, actor_id, actor_name, action, subject_kind, subject_id, reason, outcome, details_json) OUTPUT inserted.event_id VALUES (@p1, @p2, NULL, @p3, NULL, NULL, @p4, @p5, @p6, NULL, @p7, @p8)

GO

INSERT INTO deletion_ledger (receipt_id, event, tenant_pseudonym, user_pseudonym, scope, scan_count, reason, requested_at, recorded_at, counts_json, rows_deleted) OUTPUT inserted.entry_id VALUES (@p1, @p2, @p3, NULL, @p4, @p5, @p6, @p7, @p8, @p9, @p10)

GO

INSERT INTO purges (receipt_id, tenant_id, scope, user_object_id, scan_ids_json, reason, requested_at, state, counts_json, rows_deleted, purged_at) OUTPUT inserted.purge_id VALUES (@p1, @p2, @p3, NULL, @p4, @p5, @p6, @p7, @p8, @p9, @p10)

GO

SELECT 'scans', scans.tenant_id, max(scans.requested_at) AS max_1
FROM scans WITH (UPDLOCK, HOLDLOCK)
WHERE scans.tenant_id = @p1 GROUP BY scans.tenant_id UNION ALL SELECT 'consents', connections.tenant_id, max(connections.consented_at) AS max_2
FROM connections WITH (UPDLOCK, HOLDLOCK)
WHERE connections.tenant_id = @p2 GROUP BY connections.tenant_id UNION ALL SELECT 'counting', scans.tenant_id, max(scans.requested_at) AS max_3
FROM scans WITH (UPDLOCK, HOLDLOCK)
WHERE scans.tenant_id = @p3 AND (scans.status NOT IN (@p4, @p5)) GROUP BY scans.tenant_id

GO

SELECT connections.user_object_id
FROM connections WITH (UPDLOCK)
WHERE connections.tenant_id = @p1

GO

SELECT deletion_ledger.entry_id
FROM deletion_ledger
WHERE deletion_ledger.receipt_id = @p1 AND deletion_ledger.event = @p2

GO

SELECT purges.purge_id, purges.receipt_id, purges.tenant_id, purges.scope, purges.user_object_id, purges.scan_ids_json, purges.reason, purges.requested_at, purges.state, purges.counts_json, purges.rows_deleted, purges.purged_at
FROM purges WITH (UPDLOCK)
WHERE purges.tenant_id = @p1 AND purges.receipt_id = @p2

GO

SELECT scans.scan_id
FROM scans
WHERE scans.tenant_id = @p1 UNION SELECT steps.scan_id
FROM steps
WHERE steps.tenant_id = @p2

GO

UPDATE steps SET status=@p1, lease_id=NULL, lease_expires_at=NULL WHERE steps.tenant_id = @p2 AND steps.scan_id IN (@p3)

GO

UPDATE steps SET status=@p1, lease_id=NULL, lease_expires_at=NULL WHERE steps.tenant_id = @p2 AND steps.scan_id IN (@p3, @p4)

GO

-- Deletions.ask

DELETE FROM connections WHERE connections.tenant_id = @p1 AND connections.consented_at <= @p2

GO

DELETE FROM connections WHERE connections.tenant_id = @p1 AND connections.user_object_id = @p2 AND connections.consented_at <= @p3

GO

DELETE FROM scans WHERE scans.tenant_id = @p1 AND scans.scan_id IN (@p2)

GO

DELETE FROM scans WHERE scans.tenant_id = @p1 AND scans.scan_id IN (@p2, @p3)

GO

EXEC sp_set_session_context @key = N'tenant_id', @value = @p1; EXEC sp_set_session_context @key = N'is_system', @value = NULL;

GO

INSERT INTO audit_events (occurred_at, tenant_id, user_object_id, actor_kind, actor_id, actor_name, action, subject_kind, subject_id, reason, outcome, details_json) OUTPUT inserted.event_id VALUES (@p1, @p2, @p3, @p4, @p5, @p6, @p7, @p8, @p9, @p10, @p11, @p12)

GO

INSERT INTO audit_events (occurred_at, tenant_id, user_object_id, actor_kind, actor_id, actor_name, action, subject_kind, subject_id, reason, outcome, details_json) OUTPUT inserted.event_id VALUES (@p1, @p2, @p3, @p4, NULL, NULL, @p5, @p6, @p7, @p8, @p9, @p10)

GO

INSERT INTO audit_events (occurred_at, tenant_id, user_object_id, actor_kind, actor_id, actor_name, action, subject_kind, subject_id, reason, outcome, details_json) OUTPUT inserted.event_id VALUES (@p1, @p2, @p3, @p4, NULL, NULL, @p5, @p6, @p7, NULL, @p8, @p9)

GO

INSERT INTO audit_events (occurred_at, tenant_id, user_object_id, actor_kind, actor_id, actor_name, action, subject_kind, subject_id, reason, outcome, details_json) OUTPUT inserted.event_id VALUES (@p1, @p2, NULL, @p3, @p4, @p5, @p6, @p7, @p8, @p9, @p10, @p11)

GO

INSERT INTO audit_events (occurred_at, tenant_id, user_object_id, actor_kind, actor_id, actor_name, action, subject_kind, subject_id, reason, outcome, details_json) OUTPUT inserted.event_id VALUES (@p1, @p2, NULL, @p3, @p4, NULL, @p5, @p6, @p7, @p8, @p9, @p10)

GO

INSERT INTO audit_events (occurred_at, tenant_id, user_object_id, actor_kind, actor_id, actor_name, action, subject_kind, subject_id, reason, outcome, details_json) OUTPUT inserted.event_id VALUES (@p1, @p2, NULL, @p3, NULL, NULL, @p4, @p5, @p6, @p7, @p8, @p9)

GO

INSERT INTO audit_events (occurred_at, tenant_id, user_object_id, actor_kind, actor_id, actor_name, action, subject_kind, subject_id, reason, outcome, details_json) OUTPUT inserted.event_id VALUES (@p1, @p2, NULL, @p3, NULL, NULL, @p4, @p5, @p6, NULL, @p7, @p8)

GO

INSERT INTO deletion_ledger (receipt_id, event, tenant_pseudonym, user_pseudonym, scope, scan_count, reason, requested_at, recorded_at, counts_json, rows_deleted) OUTPUT inserted.entry_id VALUES (@p1, @p2, @p3, @p4, @p5, @p6, @p7, @p8, @p9, @p10, @p11)

GO

INSERT INTO deletion_ledger (receipt_id, event, tenant_pseudonym, user_pseudonym, scope, scan_count, reason, requested_at, recorded_at, counts_json, rows_deleted) OUTPUT inserted.entry_id VALUES (@p1, @p2, @p3, NULL, @p4, @p5, @p6, @p7, @p8, @p9, @p10)

GO

INSERT INTO outbox (mail_id, tenant_id, scan_id, kind, recipient, state, code, attempt, not_before, changed_at) VALUES (@p1, @p2, @p3, @p4, @p5, @p6, NULL, @p7, NULL, @p8)

GO

INSERT INTO purges (receipt_id, tenant_id, scope, user_object_id, scan_ids_json, reason, requested_at, state, counts_json, rows_deleted, purged_at) OUTPUT inserted.purge_id VALUES (@p1, @p2, @p3, @p4, @p5, @p6, @p7, @p8, @p9, @p10, @p11)

GO

INSERT INTO purges (receipt_id, tenant_id, scope, user_object_id, scan_ids_json, reason, requested_at, state, counts_json, rows_deleted, purged_at) OUTPUT inserted.purge_id VALUES (@p1, @p2, @p3, NULL, @p4, @p5, @p6, @p7, @p8, @p9, @p10)

GO

SELECT coalesce(connections.mail_address, connections.username) AS coalesce_1
FROM connections
WHERE connections.tenant_id = @p1

GO

SELECT coalesce(connections.mail_address, connections.username) AS coalesce_1
FROM connections
WHERE connections.tenant_id = @p1 AND connections.user_object_id = @p2

GO

SELECT coalesce(connections.mail_address, connections.username) AS coalesce_1
FROM connections
WHERE connections.tenant_id = @p1 AND connections.user_object_id IN (SELECT scans.user_object_id
FROM scans
WHERE scans.tenant_id = @p2)

GO

SELECT connections.user_object_id
FROM connections WITH (UPDLOCK)
WHERE connections.tenant_id = @p1

GO

SELECT connections.user_object_id
FROM connections WITH (UPDLOCK)
WHERE connections.tenant_id = @p1 AND connections.user_object_id = @p2

GO

SELECT deletion_ledger.entry_id
FROM deletion_ledger
WHERE deletion_ledger.receipt_id = @p1 AND deletion_ledger.event = @p2

GO

SELECT purges.purge_id, purges.receipt_id, purges.tenant_id, purges.scope, purges.user_object_id, purges.scan_ids_json, purges.reason, purges.requested_at, purges.state, purges.counts_json, purges.rows_deleted, purges.purged_at
FROM purges WITH (UPDLOCK)
WHERE purges.tenant_id = @p1 AND purges.receipt_id = @p2

GO

SELECT scans.scan_id
FROM scans
WHERE scans.tenant_id = @p1 AND scans.user_object_id = @p2

GO

SELECT scans.scan_id
FROM scans
WHERE scans.tenant_id = @p1 UNION SELECT steps.scan_id
FROM steps
WHERE steps.tenant_id = @p2

GO

UPDATE reviews SET findings_deleted_at=@p1 WHERE reviews.tenant_id = @p2 AND reviews.scan_id IN (@p3)

GO

UPDATE steps SET status=@p1, lease_id=NULL, lease_expires_at=NULL WHERE steps.tenant_id = @p2 AND steps.scan_id IN (@p3)

GO

UPDATE steps SET status=@p1, lease_id=NULL, lease_expires_at=NULL WHERE steps.tenant_id = @p2 AND steps.scan_id IN (@p3, @p4)

GO

-- Deletions.current

EXEC sp_set_session_context @key = N'tenant_id', @value = @p1; EXEC sp_set_session_context @key = N'is_system', @value = NULL;

GO

SELECT deletion_ledger.entry_id, deletion_ledger.receipt_id, deletion_ledger.event, deletion_ledger.tenant_pseudonym, deletion_ledger.user_pseudonym, deletion_ledger.scope, deletion_ledger.scan_count, deletion_ledger.reason, deletion_ledger.requested_at, deletion_ledger.recorded_at, deletion_ledger.counts_json, deletion_ledger.rows_deleted
FROM deletion_ledger
WHERE deletion_ledger.receipt_id = @p1 AND deletion_ledger.event = @p2

GO

SELECT purges.purge_id, purges.receipt_id, purges.tenant_id, purges.scope, purges.user_object_id, purges.scan_ids_json, purges.reason, purges.requested_at, purges.state, purges.counts_json, purges.rows_deleted, purges.purged_at
FROM purges
WHERE purges.tenant_id = @p1 AND purges.receipt_id = @p2

GO

-- Deletions.get

EXEC sp_set_session_context @key = N'tenant_id', @value = NULL; EXEC sp_set_session_context @key = N'is_system', @value = N'yes';

GO

SELECT purges.purge_id, purges.receipt_id, purges.tenant_id, purges.scope, purges.user_object_id, purges.scan_ids_json, purges.reason, purges.requested_at, purges.state, purges.counts_json, purges.rows_deleted, purges.purged_at
FROM purges
WHERE purges.receipt_id = @p1 AND purges.state = @p2

GO

-- Deletions.is_known

EXEC sp_set_session_context @key = N'tenant_id', @value = NULL; EXEC sp_set_session_context @key = N'is_system', @value = N'yes';

GO

SELECT deletion_ledger.entry_id
FROM deletion_ledger
WHERE deletion_ledger.receipt_id = @p1

GO

SELECT purges.purge_id
FROM purges
WHERE purges.receipt_id = @p1

GO

-- Deletions.repeat

DELETE FROM connections WHERE connections.tenant_id = @p1 AND connections.consented_at <= @p2

GO

DELETE FROM purges WHERE purges.tenant_id = @p1 AND purges.receipt_id = @p2

GO

DELETE FROM scans WHERE scans.tenant_id = @p1 AND scans.scan_id IN (@p2)

GO

EXEC sp_set_session_context @key = N'tenant_id', @value = @p1; EXEC sp_set_session_context @key = N'is_system', @value = NULL;

GO

INSERT INTO deletion_ledger (receipt_id, event, tenant_pseudonym, user_pseudonym, scope, scan_count, reason, requested_at, recorded_at, counts_json, rows_deleted) OUTPUT inserted.entry_id VALUES (@p1, @p2, @p3, NULL, @p4, @p5, @p6, @p7, @p8, @p9, @p10)

GO

INSERT INTO purges (receipt_id, tenant_id, scope, user_object_id, scan_ids_json, reason, requested_at, state, counts_json, rows_deleted, purged_at) OUTPUT inserted.purge_id VALUES (@p1, @p2, @p3, NULL, @p4, @p5, @p6, @p7, @p8, @p9, @p10)

GO

SELECT deletion_ledger.entry_id
FROM deletion_ledger
WHERE deletion_ledger.receipt_id = @p1 AND deletion_ledger.event = @p2

GO

UPDATE steps SET status=@p1, lease_id=NULL, lease_expires_at=NULL WHERE steps.tenant_id = @p2 AND steps.scan_id IN (@p3)

GO

-- Deletions.unfinished

EXEC sp_set_session_context @key = N'tenant_id', @value = NULL; EXEC sp_set_session_context @key = N'is_system', @value = N'yes';

GO

SELECT purges.purge_id, purges.receipt_id, purges.tenant_id, purges.scope, purges.user_object_id, purges.scan_ids_json, purges.reason, purges.requested_at, purges.state, purges.counts_json, purges.rows_deleted, purges.purged_at
FROM purges
WHERE purges.state = @p1 ORDER BY purges.purge_id

GO

-- Deletions.work

DELETE FROM purges WHERE purges.tenant_id = @p1 AND purges.receipt_id = @p2

GO

DELETE TOP (100) FROM adhoc_results WHERE adhoc_results.tenant_id = @p1 AND adhoc_results.scan_id IN (@p2)

GO

DELETE TOP (100) FROM adhoc_results WHERE adhoc_results.tenant_id = @p1 AND adhoc_results.scan_id IN (@p2, @p3)

GO

DELETE TOP (100) FROM advisor WHERE advisor.tenant_id = @p1 AND advisor.row_id >= @p2 AND advisor.row_id < @p3

GO

DELETE TOP (100) FROM amortized_costs WHERE amortized_costs.tenant_hash = @p1 AND amortized_costs.row_id >= @p2 AND amortized_costs.row_id < @p3

GO

DELETE TOP (100) FROM charge_totals WHERE charge_totals.tenant_id = @p1 AND charge_totals.scan_id IN (@p2)

GO

DELETE TOP (100) FROM charge_totals WHERE charge_totals.tenant_id = @p1 AND charge_totals.scan_id IN (@p2, @p3)

GO

DELETE TOP (100) FROM cost_charges WHERE cost_charges.tenant_hash = @p1 AND cost_charges.row_id >= @p2 AND cost_charges.row_id < @p3

GO

DELETE TOP (100) FROM cost_resources WHERE cost_resources.tenant_hash = @p1 AND cost_resources.row_id >= @p2 AND cost_resources.row_id < @p3

GO

DELETE TOP (100) FROM cost_totals WHERE cost_totals.tenant_id = @p1 AND cost_totals.scan_id IN (@p2)

GO

DELETE TOP (100) FROM cost_totals WHERE cost_totals.tenant_id = @p1 AND cost_totals.scan_id IN (@p2, @p3)

GO

DELETE TOP (100) FROM costs WHERE costs.tenant_hash = @p1 AND costs.row_id >= @p2 AND costs.row_id < @p3

GO

DELETE TOP (100) FROM dead_letters WHERE dead_letters.tenant_id = @p1 AND (dead_letters.body_text LIKE '%' + @p2 + '%' ESCAPE '/')

GO

DELETE TOP (100) FROM dead_letters WHERE dead_letters.tenant_id = @p1 AND dead_letters.recorded_at <= @p2

GO

DELETE TOP (100) FROM finding_ledger WHERE finding_ledger.tenant_id = @p1 AND NOT (EXISTS (SELECT *
FROM finding_resources
WHERE finding_resources.tenant_id = finding_ledger.tenant_id AND finding_resources.resource_id = finding_ledger.resource_id))

GO

DELETE TOP (100) FROM finding_ledger WHERE finding_ledger.tenant_id = @p1 AND NOT (EXISTS (SELECT *
FROM scans
WHERE scans.tenant_id = finding_ledger.tenant_id AND scans.scan_id = finding_ledger.scan_id))

GO

DELETE TOP (100) FROM finding_proposals WHERE finding_proposals.tenant_id = @p1 AND finding_proposals.scan_id IN (@p2)

GO

DELETE TOP (100) FROM finding_proposals WHERE finding_proposals.tenant_id = @p1 AND finding_proposals.scan_id IN (@p2, @p3)

GO

DELETE TOP (100) FROM finding_resources WHERE finding_resources.tenant_id = @p1 AND finding_resources.scan_id IN (@p2)

GO

DELETE TOP (100) FROM finding_resources WHERE finding_resources.tenant_id = @p1 AND finding_resources.scan_id IN (@p2, @p3)

GO

DELETE TOP (100) FROM finding_savings WHERE finding_savings.tenant_id = @p1 AND finding_savings.scan_id IN (@p2)

GO

DELETE TOP (100) FROM finding_savings WHERE finding_savings.tenant_id = @p1 AND finding_savings.scan_id IN (@p2, @p3)

GO

DELETE TOP (100) FROM finding_states WHERE finding_states.tenant_id = @p1 AND (NOT (EXISTS (SELECT *
FROM findings
WHERE findings.tenant_id = finding_states.tenant_id AND finding_states.finding_key = findings.finding_key)) OR finding_states.user_object_id = @p2)

GO

DELETE TOP (100) FROM finding_states WHERE finding_states.tenant_id = @p1 AND NOT (EXISTS (SELECT *
FROM findings
WHERE findings.tenant_id = finding_states.tenant_id AND finding_states.finding_key = findings.finding_key))

GO

DELETE TOP (100) FROM finding_states WHERE finding_states.tenant_id = @p1 AND NOT (EXISTS (SELECT *
FROM scans
WHERE scans.tenant_id = finding_states.tenant_id AND scans.scan_id = finding_states.scan_id))

GO

DELETE TOP (100) FROM finding_versions WHERE finding_versions.tenant_id = @p1 AND finding_versions.scan_id IN (@p2)

GO

DELETE TOP (100) FROM finding_versions WHERE finding_versions.tenant_id = @p1 AND finding_versions.scan_id IN (@p2, @p3)

GO

DELETE TOP (100) FROM findings WHERE findings.tenant_id = @p1 AND findings.scan_id IN (@p2)

GO

DELETE TOP (100) FROM findings WHERE findings.tenant_id = @p1 AND findings.scan_id IN (@p2, @p3)

GO

DELETE TOP (100) FROM inventory WHERE inventory.tenant_id = @p1 AND inventory.row_id >= @p2 AND inventory.row_id < @p3

GO

DELETE TOP (100) FROM job_pages WHERE job_pages.tenant_id = @p1 AND job_pages.scan_id IN (@p2)

GO

DELETE TOP (100) FROM job_pages WHERE job_pages.tenant_id = @p1 AND job_pages.scan_id IN (@p2, @p3)

GO

DELETE TOP (100) FROM metric_series WHERE metric_series.tenant_id = @p1 AND metric_series.scan_id IN (@p2)

GO

DELETE TOP (100) FROM metric_series WHERE metric_series.tenant_id = @p1 AND metric_series.scan_id IN (@p2, @p3)

GO

DELETE TOP (100) FROM operator_jobs WHERE operator_jobs.tenant_id = @p1 AND operator_jobs.scan_id IN (@p2)

GO

DELETE TOP (100) FROM operator_jobs WHERE operator_jobs.tenant_id = @p1 AND operator_jobs.scan_id IN (@p2, @p3)

GO

DELETE TOP (100) FROM outbox WHERE outbox.tenant_id = @p1 AND outbox.scan_id IN (@p2)

GO

DELETE TOP (100) FROM outbox WHERE outbox.tenant_id = @p1 AND outbox.scan_id IN (@p2, @p3)

GO

DELETE TOP (100) FROM raw_pages WHERE raw_pages.tenant_id = @p1 AND raw_pages.scan_id IN (@p2)

GO

DELETE TOP (100) FROM raw_pages WHERE raw_pages.tenant_id = @p1 AND raw_pages.scan_id IN (@p2, @p3)

GO

DELETE TOP (100) FROM reservations WHERE reservations.tenant_id = @p1 AND reservations.row_id >= @p2 AND reservations.row_id < @p3

GO

DELETE TOP (100) FROM reviews WHERE reviews.tenant_id = @p1 AND reviews.scan_id IN (@p2)

GO

DELETE TOP (100) FROM reviews WHERE reviews.tenant_id = @p1 AND reviews.scan_id IN (@p2, @p3)

GO

DELETE TOP (100) FROM savings_plans WHERE savings_plans.tenant_id = @p1 AND savings_plans.row_id >= @p2 AND savings_plans.row_id < @p3

GO

DELETE TOP (100) FROM steps WHERE steps.tenant_id = @p1 AND steps.scan_id IN (@p2)

GO

DELETE TOP (100) FROM steps WHERE steps.tenant_id = @p1 AND steps.scan_id IN (@p2, @p3)

GO

DELETE TOP (100) FROM subscriptions WHERE subscriptions.tenant_id = @p1 AND subscriptions.scan_id IN (@p2)

GO

DELETE TOP (100) FROM subscriptions WHERE subscriptions.tenant_id = @p1 AND subscriptions.scan_id IN (@p2, @p3)

GO

EXEC sp_set_session_context @key = N'tenant_id', @value = @p1; EXEC sp_set_session_context @key = N'is_system', @value = NULL;

GO

INSERT INTO audit_events (occurred_at, tenant_id, user_object_id, actor_kind, actor_id, actor_name, action, subject_kind, subject_id, reason, outcome, details_json) OUTPUT inserted.event_id VALUES (@p1, @p2, @p3, @p4, NULL, NULL, @p5, @p6, @p7, @p8, @p9, @p10)

GO

INSERT INTO audit_events (occurred_at, tenant_id, user_object_id, actor_kind, actor_id, actor_name, action, subject_kind, subject_id, reason, outcome, details_json) OUTPUT inserted.event_id VALUES (@p1, @p2, NULL, @p3, NULL, NULL, @p4, @p5, @p6, @p7, @p8, @p9)

GO

INSERT INTO deletion_ledger (receipt_id, event, tenant_pseudonym, user_pseudonym, scope, scan_count, reason, requested_at, recorded_at, counts_json, rows_deleted) OUTPUT inserted.entry_id VALUES (@p1, @p2, @p3, @p4, @p5, @p6, @p7, @p8, @p9, @p10, @p11)

GO

INSERT INTO deletion_ledger (receipt_id, event, tenant_pseudonym, user_pseudonym, scope, scan_count, reason, requested_at, recorded_at, counts_json, rows_deleted) OUTPUT inserted.entry_id VALUES (@p1, @p2, @p3, NULL, @p4, @p5, @p6, @p7, @p8, @p9, @p10)

GO

SELECT deletion_ledger.entry_id
FROM deletion_ledger
WHERE deletion_ledger.receipt_id = @p1 AND deletion_ledger.event = @p2

GO

SELECT metric_series.scan_id
FROM metric_series
WHERE metric_series.tenant_id = @p1 AND NOT (EXISTS (SELECT *
FROM scans
WHERE scans.tenant_id = metric_series.tenant_id AND scans.scan_id = metric_series.scan_id)) UNION SELECT adhoc_results.scan_id
FROM adhoc_results
WHERE adhoc_results.tenant_id = @p2 AND NOT (EXISTS (SELECT *
FROM scans
WHERE scans.tenant_id = adhoc_results.tenant_id AND scans.scan_id = adhoc_results.scan_id)) UNION SELECT job_pages.scan_id
FROM job_pages
WHERE job_pages.tenant_id = @p3 AND NOT (EXISTS (SELECT *
FROM scans
WHERE scans.tenant_id = job_pages.tenant_id AND scans.scan_id = job_pages.scan_id)) UNION SELECT operator_jobs.scan_id
FROM operator_jobs
WHERE operator_jobs.tenant_id = @p4 AND NOT (EXISTS (SELECT *
FROM scans
WHERE scans.tenant_id = operator_jobs.tenant_id AND scans.scan_id = operator_jobs.scan_id)) UNION SELECT reviews.scan_id
FROM reviews
WHERE reviews.tenant_id = @p5 AND NOT (EXISTS (SELECT *
FROM scans
WHERE scans.tenant_id = reviews.tenant_id AND scans.scan_id = reviews.scan_id)) UNION SELECT finding_savings.scan_id
FROM finding_savings
WHERE finding_savings.tenant_id = @p6 AND NOT (EXISTS (SELECT *
FROM scans
WHERE scans.tenant_id = finding_savings.tenant_id AND scans.scan_id = finding_savings.scan_id)) UNION SELECT finding_resources.scan_id
FROM finding_resources
WHERE finding_resources.tenant_id = @p7 AND NOT (EXISTS (SELECT *
FROM scans
WHERE scans.tenant_id = finding_resources.tenant_id AND scans.scan_id = finding_resources.scan_id)) UNION SELECT finding_versions.scan_id
FROM finding_versions
WHERE finding_versions.tenant_id = @p8 AND NOT (EXISTS (SELECT *
FROM scans
WHERE scans.tenant_id = finding_versions.tenant_id AND scans.scan_id = finding_versions.scan_id)) UNION SELECT finding_proposals.scan_id
FROM finding_proposals
WHERE finding_proposals.tenant_id = @p9 AND NOT (EXISTS (SELECT *
FROM scans
WHERE scans.tenant_id = finding_proposals.tenant_id AND scans.scan_id = finding_proposals.scan_id)) UNION SELECT findings.scan_id
FROM findings
WHERE findings.tenant_id = @p10 AND NOT (EXISTS (SELECT *
FROM scans
WHERE scans.tenant_id = findings.tenant_id AND scans.scan_id = findings.scan_id)) UNION SELECT subscriptions.scan_id
FROM subscriptions
WHERE subscriptions.tenant_id = @p11 AND NOT (EXISTS (SELECT *
FROM scans
WHERE scans.tenant_id = subscriptions.tenant_id AND scans.scan_id = subscriptions.scan_id)) UNION SELECT outbox.scan_id
FROM outbox
WHERE outbox.tenant_id = @p12 AND NOT (EXISTS (SELECT *
FROM scans
WHERE scans.tenant_id = outbox.tenant_id AND scans.scan_id = outbox.scan_id)) AND outbox.kind != @p13 UNION SELECT cost_totals.scan_id
FROM cost_totals
WHERE cost_totals.tenant_id = @p14 AND NOT (EXISTS (SELECT *
FROM scans
WHERE scans.tenant_id = cost_totals.tenant_id AND scans.scan_id = cost_totals.scan_id)) UNION SELECT charge_totals.scan_id
FROM charge_totals
WHERE charge_totals.tenant_id = @p15 AND NOT (EXISTS (SELECT *
FROM scans
WHERE scans.tenant_id = charge_totals.tenant_id AND scans.scan_id = charge_totals.scan_id)) UNION SELECT raw_pages.scan_id
FROM raw_pages
WHERE raw_pages.tenant_id = @p16 AND NOT (EXISTS (SELECT *
FROM scans
WHERE scans.tenant_id = raw_pages.tenant_id AND scans.scan_id = raw_pages.scan_id)) UNION SELECT steps.scan_id
FROM steps
WHERE steps.tenant_id = @p17 AND NOT (EXISTS (SELECT *
FROM scans
WHERE scans.tenant_id = steps.tenant_id AND scans.scan_id = steps.scan_id))

GO

SELECT purges.purge_id, purges.receipt_id, purges.tenant_id, purges.scope, purges.user_object_id, purges.scan_ids_json, purges.reason, purges.requested_at, purges.state, purges.counts_json, purges.rows_deleted, purges.purged_at
FROM purges WITH (UPDLOCK)
WHERE purges.tenant_id = @p1 AND purges.receipt_id = @p2

GO

SELECT steps.step_id
FROM steps
WHERE steps.tenant_id = @p1 AND steps.scan_id IN (@p2)

GO

SELECT steps.step_id
FROM steps
WHERE steps.tenant_id = @p1 AND steps.scan_id IN (@p2, @p3)

GO

UPDATE outbox SET state=@p1, changed_at=@p2 WHERE outbox.tenant_id = @p3 AND outbox.scan_id = @p4 AND outbox.state = @p5

GO

UPDATE purges SET state=@p1, counts_json=@p2, rows_deleted=@p3, purged_at=@p4 WHERE purges.tenant_id = @p5 AND purges.receipt_id = @p6
