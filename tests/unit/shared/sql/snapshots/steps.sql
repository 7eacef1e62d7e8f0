-- Steps._claim

EXEC sp_set_session_context @key = N'tenant_id', @value = @p1; EXEC sp_set_session_context @key = N'is_system', @value = NULL;

GO

SELECT steps.step_id, steps.tenant_id, steps.scan_id, steps.collector, steps.subscription_id, steps.subscription_name, steps.status, steps.status_code, steps.status_reason, steps.remedy_role, steps.remedy_scope, steps.attempt, steps.request_index, steps.[cursor], steps.simplified, steps.pages, steps.rows, steps.not_before, steps.lease_id, steps.updated_at, steps.plan_key, steps.unread_json, steps.subscription_state, steps.rows_set_aside, steps.set_aside_json
FROM steps
WHERE steps.tenant_id = @p1 AND steps.step_id = @p2

GO

UPDATE steps SET status=@p1, status_reason=NULL, attempt=(steps.attempt + @p2), not_before=NULL, lease_id=@p3, lease_expires_at=@p4, updated_at=@p5 WHERE steps.tenant_id = @p6 AND steps.step_id = @p7 AND (steps.status IN (@p8, @p9) OR steps.status = @p10 AND steps.lease_expires_at <= @p11)

GO

-- Steps._give_back

EXEC sp_set_session_context @key = N'tenant_id', @value = @p1; EXEC sp_set_session_context @key = N'is_system', @value = NULL;

GO

UPDATE steps SET status=@p1, status_code=@p2, status_reason=@p3, remedy_role=@p4, remedy_scope=@p5, [cursor]=NULL, lease_id=NULL, lease_expires_at=NULL, updated_at=@p6 WHERE steps.tenant_id = @p7 AND steps.step_id = @p8 AND (steps.status NOT IN (@p9, @p10)) AND steps.lease_id = @p11

GO

UPDATE steps SET status=@p1, status_code=@p2, status_reason=@p3, remedy_role=NULL, remedy_scope=NULL, [cursor]=NULL, lease_id=NULL, lease_expires_at=NULL, updated_at=@p4 WHERE steps.tenant_id = @p5 AND steps.step_id = @p6 AND (steps.status NOT IN (@p7, @p8)) AND steps.lease_id = @p9

GO

UPDATE steps SET status=@p1, status_code=NULL, status_reason=@p2, remedy_role=NULL, remedy_scope=NULL, [cursor]=NULL, lease_id=NULL, lease_expires_at=NULL, updated_at=@p3 WHERE steps.tenant_id = @p4 AND steps.step_id = @p5 AND (steps.status NOT IN (@p6, @p7)) AND steps.lease_id IS NULL

GO

UPDATE steps SET status=@p1, status_code=NULL, status_reason=NULL, remedy_role=NULL, remedy_scope=NULL, [cursor]=NULL, lease_id=NULL, lease_expires_at=NULL, updated_at=@p2 WHERE steps.tenant_id = @p3 AND steps.step_id = @p4 AND (steps.status NOT IN (@p5, @p6)) AND steps.lease_id = @p7

GO

UPDATE steps SET status=@p1, status_code=NULL, status_reason=NULL, remedy_role=NULL, remedy_scope=NULL, [cursor]=NULL, lease_id=NULL, lease_expires_at=NULL, updated_at=@p2 WHERE steps.tenant_id = @p3 AND steps.step_id = @p4 AND (steps.status NOT IN (@p5, @p6)) AND steps.lease_id IS NULL

GO

UPDATE steps SET status=@p1, status_reason=@p2, not_before=@p3, lease_id=NULL, lease_expires_at=NULL, updated_at=@p4 WHERE steps.tenant_id = @p5 AND steps.step_id = @p6 AND (steps.status NOT IN (@p7, @p8)) AND steps.lease_id = @p9

GO

UPDATE steps SET status=@p1, status_reason=NULL, lease_id=NULL, lease_expires_at=NULL, updated_at=@p2 WHERE steps.tenant_id = @p3 AND steps.step_id = @p4 AND (steps.status NOT IN (@p5, @p6)) AND steps.lease_id = @p7

GO

-- Steps._insert_missing

EXEC sp_set_session_context @key = N'tenant_id', @value = @p1; EXEC sp_set_session_context @key = N'is_system', @value = NULL;

GO

INSERT INTO steps (tenant_id, scan_id, collector, subscription_id, subscription_name, status, attempt, request_index, simplified, pages, rows, updated_at, subscription_state) OUTPUT inserted.step_id VALUES (@p1, @p2, @p3, @p4, @p5, @p6, @p7, @p8, @p9, @p10, @p11, @p12, @p13)

GO

INSERT INTO steps (tenant_id, scan_id, collector, subscription_id, subscription_name, status, attempt, request_index, simplified, pages, rows, updated_at, subscription_state) VALUES (@p1, @p2, @p3, @p4, @p5, @p6, @p7, @p8, @p9, @p10, @p11, @p12, @p13)

GO

SELECT scans.scan_id
FROM scans WITH (UPDLOCK)
WHERE scans.tenant_id = @p1 AND scans.scan_id = @p2

GO

SELECT steps.collector, steps.subscription_id
FROM steps
WHERE steps.tenant_id = @p1 AND steps.scan_id = @p2

GO

-- Steps.break_leases

EXEC sp_set_session_context @key = N'tenant_id', @value = NULL; EXEC sp_set_session_context @key = N'is_system', @value = N'yes';

GO

UPDATE steps SET status=@p1, lease_id=NULL, lease_expires_at=NULL WHERE steps.status = @p2

GO

-- Steps.get

EXEC sp_set_session_context @key = N'tenant_id', @value = @p1; EXEC sp_set_session_context @key = N'is_system', @value = NULL;

GO

SELECT steps.step_id, steps.tenant_id, steps.scan_id, steps.collector, steps.subscription_id, steps.subscription_name, steps.status, steps.status_code, steps.status_reason, steps.remedy_role, steps.remedy_scope, steps.attempt, steps.request_index, steps.[cursor], steps.simplified, steps.pages, steps.rows, steps.not_before, steps.lease_id, steps.updated_at, steps.plan_key, steps.unread_json, steps.subscription_state, steps.rows_set_aside, steps.set_aside_json
FROM steps
WHERE steps.tenant_id = @p1 AND steps.step_id = @p2

GO

-- Steps.list

EXEC sp_set_session_context @key = N'tenant_id', @value = @p1; EXEC sp_set_session_context @key = N'is_system', @value = NULL;

GO

EXEC sp_set_session_context @key = N'tenant_id', @value = NULL; EXEC sp_set_session_context @key = N'is_system', @value = N'yes';

GO

SELECT steps.step_id, steps.tenant_id, steps.scan_id, steps.collector, steps.subscription_id, steps.subscription_name, steps.status, steps.status_code, steps.status_reason, steps.remedy_role, steps.remedy_scope, steps.attempt, steps.request_index, steps.[cursor], steps.simplified, steps.pages, steps.rows, steps.not_before, steps.lease_id, steps.updated_at, steps.plan_key, steps.unread_json, steps.subscription_state, steps.rows_set_aside, steps.set_aside_json
FROM steps
WHERE steps.tenant_id = @p1 AND steps.scan_id = @p2 ORDER BY steps.step_id

GO

-- Steps.restart

DELETE FROM cost_charges WHERE cost_charges.row_id >= @p1 AND cost_charges.row_id < @p2 AND cost_charges.tenant_hash = @p3

GO

DELETE FROM cost_resources WHERE cost_resources.row_id >= @p1 AND cost_resources.row_id < @p2 AND cost_resources.tenant_hash = @p3

GO

DELETE FROM costs WHERE costs.row_id >= @p1 AND costs.row_id < @p2 AND costs.tenant_hash = @p3

GO

DELETE FROM raw_pages WHERE raw_pages.tenant_id = @p1 AND raw_pages.scan_id = @p2 AND raw_pages.step_id = @p3

GO

EXEC sp_set_session_context @key = N'tenant_id', @value = @p1; EXEC sp_set_session_context @key = N'is_system', @value = NULL;

GO

SELECT steps.step_id, steps.tenant_id, steps.scan_id, steps.collector, steps.subscription_id, steps.subscription_name, steps.status, steps.status_code, steps.status_reason, steps.remedy_role, steps.remedy_scope, steps.attempt, steps.request_index, steps.[cursor], steps.simplified, steps.pages, steps.rows, steps.not_before, steps.lease_id, steps.updated_at, steps.plan_key, steps.unread_json, steps.subscription_state, steps.rows_set_aside, steps.set_aside_json
FROM steps
WHERE steps.tenant_id = @p1 AND steps.step_id = @p2

GO

UPDATE steps SET request_index=@p1, [cursor]=NULL, simplified=@p2, pages=@p3, rows=@p4, updated_at=@p5, plan_key=NULL, unread_json=NULL, rows_set_aside=@p6, set_aside_json=NULL WHERE steps.tenant_id = @p7 AND steps.step_id = @p8 AND (steps.status NOT IN (@p9, @p10)) AND steps.lease_id = @p11

GO

-- Steps.save_page

EXEC sp_set_session_context @key = N'tenant_id', @value = @p1; EXEC sp_set_session_context @key = N'is_system', @value = NULL;

GO

INSERT INTO advisor (row_id, tenant_id, scan_id, sub_account_id, recommendation_id, is_suppressed) SELECT row_id, tenant_id, scan_id, sub_account_id, recommendation_id, is_suppressed FROM OPENJSON(@p1) WITH (row_id BIGINT '$[0]', tenant_id VARCHAR(36) '$[1]', scan_id VARCHAR(36) '$[2]', sub_account_id VARCHAR(36) '$[3]', recommendation_id NVARCHAR(1024) '$[4]', is_suppressed BIT '$[5]')

GO

INSERT INTO advisor (row_id, tenant_id, scan_id, sub_account_id, recommendation_id, recommendation_type_id, resource_id, impact, impacted_field, impacted_value, problem, solution, monthly_savings, annual_savings, savings_currency, term, look_back_days, benefit_scope, is_suppressed, last_updated, extended_properties_json) SELECT row_id, tenant_id, scan_id, sub_account_id, recommendation_id, recommendation_type_id, resource_id, impact, impacted_field, impacted_value, problem, solution, monthly_savings, annual_savings, savings_currency, term, look_back_days, benefit_scope, is_suppressed, last_updated, extended_properties_json FROM OPENJSON(@p1) WITH (row_id BIGINT '$[0]', tenant_id VARCHAR(36) '$[1]', scan_id VARCHAR(36) '$[2]', sub_account_id VARCHAR(36) '$[3]', recommendation_id NVARCHAR(1024) '$[4]', recommendation_type_id NVARCHAR(60) '$[5]', resource_id NVARCHAR(1024) '$[6]', impact NVARCHAR(20) '$[7]', impacted_field NVARCHAR(200) '$[8]', impacted_value NVARCHAR(260) '$[9]', problem NVARCHAR(1000) '$[10]', solution NVARCHAR(1000) '$[11]', monthly_savings NUMERIC(38, 24) '$[12]', annual_savings NUMERIC(38, 24) '$[13]', savings_currency VARCHAR(3) '$[14]', term NVARCHAR(40) '$[15]', look_back_days INTEGER '$[16]', benefit_scope NVARCHAR(40) '$[17]', is_suppressed BIT '$[18]', last_updated NVARCHAR(40) '$[19]', extended_properties_json NVARCHAR(max) '$[20]')

GO

INSERT INTO amortized_costs (row_id, tenant_hash, charge_period_start, effective_cost, resource_number, charge_number) SELECT row_id, tenant_hash, charge_period_start, effective_cost, resource_number, charge_number FROM OPENJSON(@p1) WITH (row_id BIGINT '$[0]', tenant_hash BIGINT '$[1]', charge_period_start INTEGER '$[2]', effective_cost NUMERIC(38, 24) '$[3]', resource_number INTEGER '$[4]', charge_number INTEGER '$[5]')

GO

INSERT INTO cost_charges (row_id, tenant_hash, scan_id, billing_currency, service_name, meter_subcategory, meter_name, charge_type, charge_category, charge_frequency, pricing_category, commitment_discount_type, publisher) SELECT row_id, tenant_hash, scan_id, billing_currency, service_name, meter_subcategory, meter_name, charge_type, charge_category, charge_frequency, pricing_category, commitment_discount_type, publisher FROM OPENJSON(@p1) WITH (row_id BIGINT '$[0]', tenant_hash BIGINT '$[1]', scan_id VARCHAR(36) '$[2]', billing_currency VARCHAR(3) '$[3]', service_name NVARCHAR(200) '$[4]', meter_subcategory NVARCHAR(200) '$[5]', meter_name NVARCHAR(200) '$[6]', charge_type NVARCHAR(60) '$[7]', charge_category VARCHAR(20) '$[8]', charge_frequency VARCHAR(20) '$[9]', pricing_category VARCHAR(20) '$[10]', commitment_discount_type VARCHAR(20) '$[11]', publisher NVARCHAR(200) '$[12]')

GO

INSERT INTO cost_resources (row_id, tenant_hash, scan_id, sub_account_id, resource_id, resource_group, region_id) SELECT row_id, tenant_hash, scan_id, sub_account_id, resource_id, resource_group, region_id FROM OPENJSON(@p1) WITH (row_id BIGINT '$[0]', tenant_hash BIGINT '$[1]', scan_id VARCHAR(36) '$[2]', sub_account_id VARCHAR(36) '$[3]', resource_id NVARCHAR(1024) '$[4]', resource_group NVARCHAR(90) '$[5]', region_id NVARCHAR(90) '$[6]')

GO

INSERT INTO costs (row_id, tenant_hash, charge_period_start, billed_cost, resource_number, charge_number) SELECT row_id, tenant_hash, charge_period_start, billed_cost, resource_number, charge_number FROM OPENJSON(@p1) WITH (row_id BIGINT '$[0]', tenant_hash BIGINT '$[1]', charge_period_start INTEGER '$[2]', billed_cost NUMERIC(38, 24) '$[3]', resource_number INTEGER '$[4]', charge_number INTEGER '$[5]')

GO

INSERT INTO costs (row_id, tenant_hash, charge_period_start, billed_cost, resource_number, charge_number, consumed_quantity) SELECT row_id, tenant_hash, charge_period_start, billed_cost, resource_number, charge_number, consumed_quantity FROM OPENJSON(@p1) WITH (row_id BIGINT '$[0]', tenant_hash BIGINT '$[1]', charge_period_start INTEGER '$[2]', billed_cost NUMERIC(38, 24) '$[3]', resource_number INTEGER '$[4]', charge_number INTEGER '$[5]', consumed_quantity NUMERIC(38, 24) '$[6]')

GO

INSERT INTO inventory (row_id, tenant_id, scan_id, sub_account_id, resource_id, resource_name, resource_type) SELECT row_id, tenant_id, scan_id, sub_account_id, resource_id, resource_name, resource_type FROM OPENJSON(@p1) WITH (row_id BIGINT '$[0]', tenant_id VARCHAR(36) '$[1]', scan_id VARCHAR(36) '$[2]', sub_account_id VARCHAR(36) '$[3]', resource_id NVARCHAR(1024) '$[4]', resource_name NVARCHAR(260) '$[5]', resource_type NVARCHAR(200) '$[6]')

GO

INSERT INTO inventory (row_id, tenant_id, scan_id, sub_account_id, resource_id, resource_name, resource_type, region_id) SELECT row_id, tenant_id, scan_id, sub_account_id, resource_id, resource_name, resource_type, region_id FROM OPENJSON(@p1) WITH (row_id BIGINT '$[0]', tenant_id VARCHAR(36) '$[1]', scan_id VARCHAR(36) '$[2]', sub_account_id VARCHAR(36) '$[3]', resource_id NVARCHAR(1024) '$[4]', resource_name NVARCHAR(260) '$[5]', resource_type NVARCHAR(200) '$[6]', region_id NVARCHAR(90) '$[7]')

GO

INSERT INTO inventory (row_id, tenant_id, scan_id, sub_account_id, resource_id, resource_name, resource_type, resource_group, region_id) SELECT row_id, tenant_id, scan_id, sub_account_id, resource_id, resource_name, resource_type, resource_group, region_id FROM OPENJSON(@p1) WITH (row_id BIGINT '$[0]', tenant_id VARCHAR(36) '$[1]', scan_id VARCHAR(36) '$[2]', sub_account_id VARCHAR(36) '$[3]', resource_id NVARCHAR(1024) '$[4]', resource_name NVARCHAR(260) '$[5]', resource_type NVARCHAR(200) '$[6]', resource_group NVARCHAR(90) '$[7]', region_id NVARCHAR(90) '$[8]')

GO

INSERT INTO inventory (row_id, tenant_id, scan_id, sub_account_id, resource_id, resource_name, resource_type, resource_group, region_id, kind, sku_json, tags_json, properties_json) SELECT row_id, tenant_id, scan_id, sub_account_id, resource_id, resource_name, resource_type, resource_group, region_id, kind, sku_json, tags_json, properties_json FROM OPENJSON(@p1) WITH (row_id BIGINT '$[0]', tenant_id VARCHAR(36) '$[1]', scan_id VARCHAR(36) '$[2]', sub_account_id VARCHAR(36) '$[3]', resource_id NVARCHAR(1024) '$[4]', resource_name NVARCHAR(260) '$[5]', resource_type NVARCHAR(200) '$[6]', resource_group NVARCHAR(90) '$[7]', region_id NVARCHAR(90) '$[8]', kind NVARCHAR(200) '$[9]', sku_json NVARCHAR(max) '$[10]', tags_json NVARCHAR(max) '$[11]', properties_json NVARCHAR(max) '$[12]')

GO

INSERT INTO inventory (row_id, tenant_id, scan_id, sub_account_id, resource_id, resource_name, resource_type, tags_json) SELECT row_id, tenant_id, scan_id, sub_account_id, resource_id, resource_name, resource_type, tags_json FROM OPENJSON(@p1) WITH (row_id BIGINT '$[0]', tenant_id VARCHAR(36) '$[1]', scan_id VARCHAR(36) '$[2]', sub_account_id VARCHAR(36) '$[3]', resource_id NVARCHAR(1024) '$[4]', resource_name NVARCHAR(260) '$[5]', resource_type NVARCHAR(200) '$[6]', tags_json NVARCHAR(max) '$[7]')

GO

INSERT INTO raw_pages (tenant_id, scan_id, step_id, page_number, status, body_gzip, received_at) VALUES (@p1, @p2, @p3, @p4, @p5, @p6, @p7)

GO

INSERT INTO reservations (row_id, tenant_id, scan_id, sub_account_id, kind) SELECT row_id, tenant_id, scan_id, sub_account_id, kind FROM OPENJSON(@p1) WITH (row_id BIGINT '$[0]', tenant_id VARCHAR(36) '$[1]', scan_id VARCHAR(36) '$[2]', sub_account_id VARCHAR(36) '$[3]', kind VARCHAR(20) '$[4]')

GO

INSERT INTO reservations (row_id, tenant_id, scan_id, sub_account_id, kind, benefit_scope, resource_type, sku_name, region_id, term, look_back_days, recommended_quantity, cost_without_benefit, cost_with_benefit, net_savings, currency) SELECT row_id, tenant_id, scan_id, sub_account_id, kind, benefit_scope, resource_type, sku_name, region_id, term, look_back_days, recommended_quantity, cost_without_benefit, cost_with_benefit, net_savings, currency FROM OPENJSON(@p1) WITH (row_id BIGINT '$[0]', tenant_id VARCHAR(36) '$[1]', scan_id VARCHAR(36) '$[2]', sub_account_id VARCHAR(36) '$[3]', kind VARCHAR(20) '$[4]', benefit_scope NVARCHAR(40) '$[5]', resource_type NVARCHAR(80) '$[6]', sku_name NVARCHAR(120) '$[7]', region_id NVARCHAR(90) '$[8]', term NVARCHAR(10) '$[9]', look_back_days INTEGER '$[10]', recommended_quantity NUMERIC(38, 24) '$[11]', cost_without_benefit NUMERIC(38, 24) '$[12]', cost_with_benefit NUMERIC(38, 24) '$[13]', net_savings NUMERIC(38, 24) '$[14]', currency VARCHAR(3) '$[15]')

GO

INSERT INTO savings_plans (row_id, tenant_id, scan_id, sub_account_id) SELECT row_id, tenant_id, scan_id, sub_account_id FROM OPENJSON(@p1) WITH (row_id BIGINT '$[0]', tenant_id VARCHAR(36) '$[1]', scan_id VARCHAR(36) '$[2]', sub_account_id VARCHAR(36) '$[3]')

GO

INSERT INTO savings_plans (row_id, tenant_id, scan_id, sub_account_id, benefit_scope, term, look_back_days, sku_name, hourly_commitment, cost_without_benefit, cost_with_benefit, net_savings, average_utilization_percent, coverage_percent, currency) SELECT row_id, tenant_id, scan_id, sub_account_id, benefit_scope, term, look_back_days, sku_name, hourly_commitment, cost_without_benefit, cost_with_benefit, net_savings, average_utilization_percent, coverage_percent, currency FROM OPENJSON(@p1) WITH (row_id BIGINT '$[0]', tenant_id VARCHAR(36) '$[1]', scan_id VARCHAR(36) '$[2]', sub_account_id VARCHAR(36) '$[3]', benefit_scope NVARCHAR(40) '$[4]', term NVARCHAR(10) '$[5]', look_back_days INTEGER '$[6]', sku_name NVARCHAR(120) '$[7]', hourly_commitment NUMERIC(38, 24) '$[8]', cost_without_benefit NUMERIC(38, 24) '$[9]', cost_with_benefit NUMERIC(38, 24) '$[10]', net_savings NUMERIC(38, 24) '$[11]', average_utilization_percent NUMERIC(38, 24) '$[12]', coverage_percent NUMERIC(38, 24) '$[13]', currency VARCHAR(3) '$[14]')

GO

SELECT cost_charges.row_id, cost_charges.billing_currency, cost_charges.service_name, cost_charges.meter_subcategory, cost_charges.meter_name, cost_charges.charge_type, cost_charges.charge_category, cost_charges.charge_frequency, cost_charges.pricing_category, cost_charges.commitment_discount_type, cost_charges.publisher
FROM cost_charges
WHERE cost_charges.row_id >= @p1 AND cost_charges.row_id < @p2 AND cost_charges.tenant_hash = @p3

GO

SELECT cost_resources.row_id, cost_resources.sub_account_id, cost_resources.resource_id, cost_resources.resource_group, cost_resources.region_id
FROM cost_resources
WHERE cost_resources.row_id >= @p1 AND cost_resources.row_id < @p2 AND cost_resources.tenant_hash = @p3

GO

SELECT steps.step_id, steps.tenant_id, steps.scan_id, steps.collector, steps.subscription_id, steps.subscription_name, steps.status, steps.status_code, steps.status_reason, steps.remedy_role, steps.remedy_scope, steps.attempt, steps.request_index, steps.[cursor], steps.simplified, steps.pages, steps.rows, steps.not_before, steps.lease_id, steps.updated_at, steps.plan_key, steps.unread_json, steps.subscription_state, steps.rows_set_aside, steps.set_aside_json
FROM steps
WHERE steps.tenant_id = @p1 AND steps.step_id = @p2

GO

UPDATE steps SET request_index=@p1, [cursor]=@p2, pages=@p3, rows=@p4, lease_expires_at=@p5, updated_at=@p6, plan_key=NULL WHERE steps.tenant_id = @p7 AND steps.step_id = @p8 AND (steps.status NOT IN (@p9, @p10)) AND steps.lease_id = @p11 AND steps.lease_id IS NOT NULL AND steps.pages = @p12

GO

UPDATE steps SET request_index=@p1, [cursor]=NULL, pages=@p2, rows=@p3, lease_expires_at=@p4, updated_at=@p5, plan_key=@p6 WHERE steps.tenant_id = @p7 AND steps.step_id = @p8 AND (steps.status NOT IN (@p9, @p10)) AND steps.lease_id = @p11 AND steps.lease_id IS NOT NULL AND steps.pages = @p12

GO

UPDATE steps SET request_index=@p1, [cursor]=NULL, pages=@p2, rows=@p3, lease_expires_at=@p4, updated_at=@p5, plan_key=@p6, rows_set_aside=@p7, set_aside_json=@p8 WHERE steps.tenant_id = @p9 AND steps.step_id = @p10 AND (steps.status NOT IN (@p11, @p12)) AND steps.lease_id = @p13 AND steps.lease_id IS NOT NULL AND steps.pages = @p14

GO

UPDATE steps SET request_index=@p1, [cursor]=NULL, pages=@p2, rows=@p3, lease_expires_at=@p4, updated_at=@p5, plan_key=NULL WHERE steps.tenant_id = @p6 AND steps.step_id = @p7 AND (steps.status NOT IN (@p8, @p9)) AND steps.lease_id = @p10 AND steps.lease_id IS NOT NULL AND steps.pages = @p11

GO

UPDATE steps SET request_index=@p1, [cursor]=NULL, pages=@p2, rows=@p3, lease_expires_at=@p4, updated_at=@p5, plan_key=NULL WHERE steps.tenant_id = @p6 AND steps.step_id = @p7 AND (steps.status NOT IN (@p8, @p9)) AND steps.lease_id IS NULL AND steps.lease_id IS NOT NULL AND steps.pages = @p10

GO

-- Steps.skip_request

EXEC sp_set_session_context @key = N'tenant_id', @value = @p1; EXEC sp_set_session_context @key = N'is_system', @value = NULL;

GO

SELECT steps.step_id, steps.tenant_id, steps.scan_id, steps.collector, steps.subscription_id, steps.subscription_name, steps.status, steps.status_code, steps.status_reason, steps.remedy_role, steps.remedy_scope, steps.attempt, steps.request_index, steps.[cursor], steps.simplified, steps.pages, steps.rows, steps.not_before, steps.lease_id, steps.updated_at, steps.plan_key, steps.unread_json, steps.subscription_state, steps.rows_set_aside, steps.set_aside_json
FROM steps
WHERE steps.tenant_id = @p1 AND steps.step_id = @p2

GO

UPDATE steps SET request_index=@p1, [cursor]=NULL, updated_at=@p2, plan_key=NULL, unread_json=@p3 WHERE steps.tenant_id = @p4 AND steps.step_id = @p5 AND (steps.status NOT IN (@p6, @p7)) AND steps.lease_id = @p8

GO

-- Steps.stale

EXEC sp_set_session_context @key = N'tenant_id', @value = NULL; EXEC sp_set_session_context @key = N'is_system', @value = N'yes';

GO

SELECT steps.step_id, steps.tenant_id, steps.scan_id, steps.collector, steps.subscription_id, steps.subscription_name, steps.status, steps.status_code, steps.status_reason, steps.remedy_role, steps.remedy_scope, steps.attempt, steps.request_index, steps.[cursor], steps.simplified, steps.pages, steps.rows, steps.not_before, steps.lease_id, steps.updated_at, steps.plan_key, steps.unread_json, steps.subscription_state, steps.rows_set_aside, steps.set_aside_json
FROM steps
WHERE (steps.status = @p1 AND steps.updated_at <= @p2 OR steps.status = @p3 AND steps.not_before <= @p4 AND steps.updated_at <= @p5 OR steps.status = @p6 AND steps.lease_expires_at <= @p7) AND (EXISTS (SELECT *
FROM scans
WHERE scans.scan_id = steps.scan_id AND scans.tenant_id = steps.tenant_id AND scans.status = @p8)) ORDER BY steps.step_id

GO

-- Steps.touch

EXEC sp_set_session_context @key = N'tenant_id', @value = @p1; EXEC sp_set_session_context @key = N'is_system', @value = NULL;

GO

UPDATE steps SET updated_at=@p1 WHERE steps.tenant_id = @p2 AND steps.step_id = @p3 AND (steps.status NOT IN (@p4, @p5))
