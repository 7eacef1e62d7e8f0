-- Repulls.discard

DELETE FROM job_pages WHERE job_pages.tenant_id = @p1 AND job_pages.job_id = @p2

GO

EXEC sp_set_session_context @key = N'tenant_id', @value = @p1; EXEC sp_set_session_context @key = N'is_system', @value = NULL;

GO

UPDATE operator_jobs SET parts_done=@p1, cursor_json=@p2, lease_expires_at=@p3, updated_at=@p4 WHERE operator_jobs.tenant_id = @p5 AND operator_jobs.job_id = @p6 AND (operator_jobs.state NOT IN (@p7, @p8)) AND operator_jobs.lease_id = @p9

GO

-- Repulls.restate

EXEC sp_set_session_context @key = N'tenant_id', @value = @p1; EXEC sp_set_session_context @key = N'is_system', @value = NULL;

GO

SELECT cost_totals.billing_currency, sum(cost_totals.billed_cost) AS billed_cost
FROM cost_totals
WHERE cost_totals.tenant_id = @p1 AND cost_totals.scan_id = @p2 AND cost_totals.dimension = @p3 GROUP BY cost_totals.billing_currency ORDER BY cost_totals.billing_currency

GO

SELECT count(*) AS count_1, sum(CASE WHEN (anon_1.missing = @p1) THEN @p2 ELSE @p3 END) AS sum_1
FROM (SELECT sum(CASE WHEN (steps.status = @p4 AND steps.unread_json IS NULL AND steps.rows_set_aside = @p5) THEN @p6 ELSE @p7 END) AS missing
FROM steps
WHERE steps.tenant_id = @p8 AND steps.scan_id = @p9 GROUP BY steps.subscription_id) AS anon_1

GO

UPDATE scans SET status=@p1, status_reason=NULL, drafting_ended_at=NULL, subscriptions=@p2, subscriptions_in_full=@p3, spend_json=@p4 WHERE scans.tenant_id = @p5 AND scans.scan_id = @p6 AND scans.status = @p7

GO

-- Repulls.stage

DELETE FROM job_pages WHERE job_pages.tenant_id = @p1 AND job_pages.job_id = @p2 AND job_pages.page_number >= @p3

GO

EXEC sp_set_session_context @key = N'tenant_id', @value = @p1; EXEC sp_set_session_context @key = N'is_system', @value = NULL;

GO

INSERT INTO job_pages (job_id, page_number, tenant_id, scan_id, status, body_gzip, received_at) VALUES (@p1, @p2, @p3, @p4, @p5, @p6, @p7)

GO

UPDATE operator_jobs SET parts_done=@p1, cursor_json=@p2, lease_expires_at=@p3, updated_at=@p4 WHERE operator_jobs.tenant_id = @p5 AND operator_jobs.job_id = @p6 AND (operator_jobs.state NOT IN (@p7, @p8)) AND operator_jobs.lease_id = @p9

GO

-- Repulls.swap

DELETE FROM cost_charges WHERE cost_charges.row_id >= @p1 AND cost_charges.row_id < @p2 AND cost_charges.tenant_hash = @p3

GO

DELETE FROM cost_resources WHERE cost_resources.row_id >= @p1 AND cost_resources.row_id < @p2 AND cost_resources.tenant_hash = @p3

GO

DELETE FROM costs WHERE costs.row_id >= @p1 AND costs.row_id < @p2 AND costs.tenant_hash = @p3

GO

DELETE FROM job_pages WHERE job_pages.tenant_id = @p1 AND job_pages.job_id = @p2

GO

DELETE FROM job_pages WHERE job_pages.tenant_id = @p1 AND job_pages.job_id = @p2 AND job_pages.page_number >= @p3

GO

DELETE FROM raw_pages WHERE raw_pages.tenant_id = @p1 AND raw_pages.scan_id = @p2 AND raw_pages.step_id = @p3

GO

EXEC sp_set_session_context @key = N'tenant_id', @value = @p1; EXEC sp_set_session_context @key = N'is_system', @value = NULL;

GO

INSERT INTO cost_charges (row_id, tenant_hash, scan_id, billing_currency, service_name, meter_subcategory, meter_name, charge_type, charge_category, charge_frequency, pricing_category, commitment_discount_type, publisher) SELECT row_id, tenant_hash, scan_id, billing_currency, service_name, meter_subcategory, meter_name, charge_type, charge_category, charge_frequency, pricing_category, commitment_discount_type, publisher FROM OPENJSON(@p1) WITH (row_id BIGINT '$[0]', tenant_hash BIGINT '$[1]', scan_id VARCHAR(36) '$[2]', billing_currency VARCHAR(3) '$[3]', service_name NVARCHAR(200) '$[4]', meter_subcategory NVARCHAR(200) '$[5]', meter_name NVARCHAR(200) '$[6]', charge_type NVARCHAR(60) '$[7]', charge_category VARCHAR(20) '$[8]', charge_frequency VARCHAR(20) '$[9]', pricing_category VARCHAR(20) '$[10]', commitment_discount_type VARCHAR(20) '$[11]', publisher NVARCHAR(200) '$[12]')

GO

INSERT INTO cost_resources (row_id, tenant_hash, scan_id, sub_account_id, resource_id, resource_group, region_id) SELECT row_id, tenant_hash, scan_id, sub_account_id, resource_id, resource_group, region_id FROM OPENJSON(@p1) WITH (row_id BIGINT '$[0]', tenant_hash BIGINT '$[1]', scan_id VARCHAR(36) '$[2]', sub_account_id VARCHAR(36) '$[3]', resource_id NVARCHAR(1024) '$[4]', resource_group NVARCHAR(90) '$[5]', region_id NVARCHAR(90) '$[6]')

GO

INSERT INTO costs (row_id, tenant_hash, charge_period_start, billed_cost, resource_number, charge_number, consumed_quantity) SELECT row_id, tenant_hash, charge_period_start, billed_cost, resource_number, charge_number, consumed_quantity FROM OPENJSON(@p1) WITH (row_id BIGINT '$[0]', tenant_hash BIGINT '$[1]', charge_period_start INTEGER '$[2]', billed_cost NUMERIC(38, 24) '$[3]', resource_number INTEGER '$[4]', charge_number INTEGER '$[5]', consumed_quantity NUMERIC(38, 24) '$[6]')

GO

INSERT INTO job_pages (job_id, page_number, tenant_id, scan_id, status, body_gzip, received_at) VALUES (@p1, @p2, @p3, @p4, @p5, @p6, @p7)

GO

INSERT INTO raw_pages (tenant_id, scan_id, step_id, page_number, status, body_gzip, received_at) VALUES (@p1, @p2, @p3, @p4, @p5, @p6, @p7)

GO

SELECT job_pages.job_id, job_pages.page_number, job_pages.tenant_id, job_pages.scan_id, job_pages.status, job_pages.body_gzip, job_pages.received_at
FROM job_pages
WHERE job_pages.tenant_id = @p1 AND job_pages.job_id = @p2 ORDER BY job_pages.page_number

GO

UPDATE operator_jobs SET parts_done=@p1, cursor_json=@p2, lease_expires_at=@p3, updated_at=@p4 WHERE operator_jobs.tenant_id = @p5 AND operator_jobs.job_id = @p6 AND (operator_jobs.state NOT IN (@p7, @p8)) AND operator_jobs.lease_id = @p9

GO

UPDATE steps SET status=@p1, status_code=NULL, status_reason=NULL, remedy_role=NULL, remedy_scope=NULL, [cursor]=NULL, simplified=@p2, pages=@p3, rows=@p4, updated_at=@p5, plan_key=@p6, unread_json=NULL, rows_set_aside=@p7, set_aside_json=NULL WHERE steps.tenant_id = @p8 AND steps.scan_id = @p9 AND steps.step_id = @p10
