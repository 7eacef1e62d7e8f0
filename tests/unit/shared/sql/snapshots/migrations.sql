SET XACT_ABORT ON;
SET QUOTED_IDENTIFIER ON;

GO

EXEC sp_set_session_context @key = N'tenant_id', @value = NULL; EXEC sp_set_session_context @key = N'is_system', @value = N'yes';

GO

BEGIN TRANSACTION;

CREATE TABLE dbo.alembic_version (
    version_num VARCHAR(32) COLLATE Latin1_General_100_BIN2 NOT NULL, 
    CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);

GO

-- Running upgrade  -> 0001

CREATE TABLE dbo.connections (
    tenant_id VARCHAR(36) COLLATE Latin1_General_100_BIN2 NOT NULL, 
    user_object_id VARCHAR(36) COLLATE Latin1_General_100_BIN2 NOT NULL, 
    username NVARCHAR(320) COLLATE Latin1_General_100_BIN2 NOT NULL, 
    state VARCHAR(20) COLLATE Latin1_General_100_BIN2 NOT NULL, 
    state_reason NVARCHAR(400) COLLATE Latin1_General_100_BIN2 NULL, 
    claims_challenge NVARCHAR(4000) COLLATE Latin1_General_100_BIN2 NULL, 
    refresh_token_encrypted VARBINARY(max) NULL, 
    version INTEGER NOT NULL, 
    consented_at DATETIME2(6) NOT NULL, 
    CONSTRAINT pk_connections PRIMARY KEY (tenant_id, user_object_id)
);

GO

CREATE TABLE dbo.scans (
    scan_id VARCHAR(36) COLLATE Latin1_General_100_BIN2 NOT NULL, 
    tenant_id VARCHAR(36) COLLATE Latin1_General_100_BIN2 NOT NULL, 
    user_object_id VARCHAR(36) COLLATE Latin1_General_100_BIN2 NOT NULL, 
    status VARCHAR(20) COLLATE Latin1_General_100_BIN2 NOT NULL, 
    status_reason NVARCHAR(400) COLLATE Latin1_General_100_BIN2 NULL, 
    requested_at DATETIME2(6) NOT NULL, 
    finished_at DATETIME2(6) NULL, 
    period_start DATE NOT NULL, 
    period_end DATE NOT NULL, 
    drafting_ended_at DATETIME2(6) NULL, 
    CONSTRAINT pk_scans PRIMARY KEY (scan_id)
);

GO

CREATE INDEX ix_scans_tenant_id_requested_at ON dbo.scans (tenant_id, requested_at);

GO

CREATE TABLE dbo.steps (
    step_id BIGINT NOT NULL IDENTITY, 
    tenant_id VARCHAR(36) COLLATE Latin1_General_100_BIN2 NOT NULL, 
    scan_id VARCHAR(36) COLLATE Latin1_General_100_BIN2 NOT NULL, 
    collector VARCHAR(40) COLLATE Latin1_General_100_BIN2 NOT NULL, 
    subscription_id VARCHAR(36) COLLATE Latin1_General_100_BIN2 NOT NULL, 
    subscription_name NVARCHAR(256) COLLATE Latin1_General_100_BIN2 NOT NULL, 
    status VARCHAR(20) COLLATE Latin1_General_100_BIN2 NOT NULL, 
    status_code NVARCHAR(120) COLLATE Latin1_General_100_BIN2 NULL, 
    status_reason NVARCHAR(600) COLLATE Latin1_General_100_BIN2 NULL, 
    remedy_role NVARCHAR(120) COLLATE Latin1_General_100_BIN2 NULL, 
    remedy_scope NVARCHAR(400) COLLATE Latin1_General_100_BIN2 NULL, 
    attempt INTEGER NOT NULL, 
    request_index INTEGER NOT NULL, 
    [cursor] NVARCHAR(max) COLLATE Latin1_General_100_BIN2 NULL, 
    simplified BIT NOT NULL, 
    pages INTEGER NOT NULL, 
    rows INTEGER NOT NULL, 
    not_before DATETIME2(6) NULL, 
    lease_id VARCHAR(36) COLLATE Latin1_General_100_BIN2 NULL, 
    lease_expires_at DATETIME2(6) NULL, 
    updated_at DATETIME2(6) NOT NULL, 
    plan_key VARCHAR(32) COLLATE Latin1_General_100_BIN2 NULL, 
    unread_json NVARCHAR(max) COLLATE Latin1_General_100_BIN2 NULL, 
    CONSTRAINT pk_steps PRIMARY KEY (step_id), 
    CONSTRAINT uq_steps_tenant_id_scan_id_collector_subscription_id UNIQUE (tenant_id, scan_id, collector, subscription_id)
);

GO

CREATE INDEX ix_steps_status ON dbo.steps (status);

GO

CREATE TABLE dbo.raw_pages (
    tenant_id VARCHAR(36) COLLATE Latin1_General_100_BIN2 NOT NULL, 
    scan_id VARCHAR(36) COLLATE Latin1_General_100_BIN2 NOT NULL, 
    step_id BIGINT NOT NULL, 
    page_number INTEGER NOT NULL, 
    status INTEGER NOT NULL, 
    body_gzip VARBINARY(max) NOT NULL, 
    received_at DATETIME2(6) NOT NULL, 
    CONSTRAINT pk_raw_pages PRIMARY KEY (tenant_id, scan_id, step_id, page_number)
);

GO

CREATE TABLE dbo.costs (
    row_id BIGINT NOT NULL, 
    tenant_id VARCHAR(36) COLLATE Latin1_General_100_BIN2 NOT NULL, 
    scan_id VARCHAR(36) COLLATE Latin1_General_100_BIN2 NOT NULL, 
    sub_account_id VARCHAR(36) COLLATE Latin1_General_100_BIN2 NOT NULL, 
    charge_period_start DATE NOT NULL, 
    billed_cost NUMERIC(38, 24) NOT NULL, 
    billing_currency VARCHAR(3) COLLATE Latin1_General_100_BIN2 NOT NULL, 
    resource_id NVARCHAR(1024) COLLATE Latin1_General_100_BIN2 NULL, 
    resource_group NVARCHAR(90) COLLATE Latin1_General_100_BIN2 NULL, 
    region_id NVARCHAR(90) COLLATE Latin1_General_100_BIN2 NULL, 
    service_name NVARCHAR(200) COLLATE Latin1_General_100_BIN2 NOT NULL, 
    meter_subcategory NVARCHAR(200) COLLATE Latin1_General_100_BIN2 NULL, 
    meter_name NVARCHAR(200) COLLATE Latin1_General_100_BIN2 NULL, 
    charge_type NVARCHAR(60) COLLATE Latin1_General_100_BIN2 NULL, 
    CONSTRAINT pk_costs PRIMARY KEY (row_id)
);

GO

CREATE TABLE dbo.inventory (
    row_id BIGINT NOT NULL, 
    tenant_id VARCHAR(36) COLLATE Latin1_General_100_BIN2 NOT NULL, 
    scan_id VARCHAR(36) COLLATE Latin1_General_100_BIN2 NOT NULL, 
    sub_account_id VARCHAR(36) COLLATE Latin1_General_100_BIN2 NOT NULL, 
    resource_id NVARCHAR(1024) COLLATE Latin1_General_100_BIN2 NOT NULL, 
    resource_name NVARCHAR(260) COLLATE Latin1_General_100_BIN2 NOT NULL, 
    resource_type NVARCHAR(200) COLLATE Latin1_General_100_BIN2 NOT NULL, 
    resource_group NVARCHAR(90) COLLATE Latin1_General_100_BIN2 NULL, 
    region_id NVARCHAR(90) COLLATE Latin1_General_100_BIN2 NULL, 
    kind NVARCHAR(200) COLLATE Latin1_General_100_BIN2 NULL, 
    sku_json NVARCHAR(max) COLLATE Latin1_General_100_BIN2 NULL, 
    tags_json NVARCHAR(max) COLLATE Latin1_General_100_BIN2 NULL, 
    properties_json NVARCHAR(max) COLLATE Latin1_General_100_BIN2 NULL, 
    CONSTRAINT pk_inventory PRIMARY KEY (row_id)
);

GO

CREATE TABLE dbo.advisor (
    row_id BIGINT NOT NULL, 
    tenant_id VARCHAR(36) COLLATE Latin1_General_100_BIN2 NOT NULL, 
    scan_id VARCHAR(36) COLLATE Latin1_General_100_BIN2 NOT NULL, 
    sub_account_id VARCHAR(36) COLLATE Latin1_General_100_BIN2 NOT NULL, 
    recommendation_id NVARCHAR(1024) COLLATE Latin1_General_100_BIN2 NOT NULL, 
    recommendation_type_id NVARCHAR(60) COLLATE Latin1_General_100_BIN2 NULL, 
    resource_id NVARCHAR(1024) COLLATE Latin1_General_100_BIN2 NULL, 
    impact NVARCHAR(20) COLLATE Latin1_General_100_BIN2 NULL, 
    impacted_field NVARCHAR(200) COLLATE Latin1_General_100_BIN2 NULL, 
    impacted_value NVARCHAR(260) COLLATE Latin1_General_100_BIN2 NULL, 
    problem NVARCHAR(1000) COLLATE Latin1_General_100_BIN2 NULL, 
    solution NVARCHAR(1000) COLLATE Latin1_General_100_BIN2 NULL, 
    monthly_savings NUMERIC(38, 24) NULL, 
    annual_savings NUMERIC(38, 24) NULL, 
    savings_currency VARCHAR(3) COLLATE Latin1_General_100_BIN2 NULL, 
    term NVARCHAR(40) COLLATE Latin1_General_100_BIN2 NULL, 
    look_back_days INTEGER NULL, 
    benefit_scope NVARCHAR(40) COLLATE Latin1_General_100_BIN2 NULL, 
    is_suppressed BIT NOT NULL, 
    last_updated NVARCHAR(40) COLLATE Latin1_General_100_BIN2 NULL, 
    extended_properties_json NVARCHAR(max) COLLATE Latin1_General_100_BIN2 NULL, 
    CONSTRAINT pk_advisor PRIMARY KEY (row_id)
);

GO

CREATE TABLE dbo.reservations (
    row_id BIGINT NOT NULL, 
    tenant_id VARCHAR(36) COLLATE Latin1_General_100_BIN2 NOT NULL, 
    scan_id VARCHAR(36) COLLATE Latin1_General_100_BIN2 NOT NULL, 
    sub_account_id VARCHAR(36) COLLATE Latin1_General_100_BIN2 NOT NULL, 
    kind VARCHAR(20) COLLATE Latin1_General_100_BIN2 NOT NULL, 
    benefit_scope NVARCHAR(40) COLLATE Latin1_General_100_BIN2 NULL, 
    resource_type NVARCHAR(80) COLLATE Latin1_General_100_BIN2 NULL, 
    sku_name NVARCHAR(120) COLLATE Latin1_General_100_BIN2 NULL, 
    region_id NVARCHAR(90) COLLATE Latin1_General_100_BIN2 NULL, 
    term NVARCHAR(10) COLLATE Latin1_General_100_BIN2 NULL, 
    look_back_days INTEGER NULL, 
    recommended_quantity NUMERIC(38, 24) NULL, 
    cost_without_benefit NUMERIC(38, 24) NULL, 
    cost_with_benefit NUMERIC(38, 24) NULL, 
    net_savings NUMERIC(38, 24) NULL, 
    currency VARCHAR(3) COLLATE Latin1_General_100_BIN2 NULL, 
    CONSTRAINT pk_reservations PRIMARY KEY (row_id)
);

GO

CREATE TABLE dbo.savings_plans (
    row_id BIGINT NOT NULL, 
    tenant_id VARCHAR(36) COLLATE Latin1_General_100_BIN2 NOT NULL, 
    scan_id VARCHAR(36) COLLATE Latin1_General_100_BIN2 NOT NULL, 
    sub_account_id VARCHAR(36) COLLATE Latin1_General_100_BIN2 NOT NULL, 
    benefit_scope NVARCHAR(40) COLLATE Latin1_General_100_BIN2 NULL, 
    term NVARCHAR(10) COLLATE Latin1_General_100_BIN2 NULL, 
    look_back_days INTEGER NULL, 
    sku_name NVARCHAR(120) COLLATE Latin1_General_100_BIN2 NULL, 
    hourly_commitment NUMERIC(38, 24) NULL, 
    cost_without_benefit NUMERIC(38, 24) NULL, 
    cost_with_benefit NUMERIC(38, 24) NULL, 
    net_savings NUMERIC(38, 24) NULL, 
    average_utilization_percent NUMERIC(38, 24) NULL, 
    coverage_percent NUMERIC(38, 24) NULL, 
    currency VARCHAR(3) COLLATE Latin1_General_100_BIN2 NULL, 
    CONSTRAINT pk_savings_plans PRIMARY KEY (row_id)
);

GO

CREATE TABLE dbo.cost_totals (
    total_id BIGINT NOT NULL IDENTITY, 
    tenant_id VARCHAR(36) COLLATE Latin1_General_100_BIN2 NOT NULL, 
    scan_id VARCHAR(36) COLLATE Latin1_General_100_BIN2 NOT NULL, 
    dimension VARCHAR(20) COLLATE Latin1_General_100_BIN2 NOT NULL, 
    value NVARCHAR(1024) COLLATE Latin1_General_100_BIN2 NULL, 
    billing_currency VARCHAR(3) COLLATE Latin1_General_100_BIN2 NOT NULL, 
    charge_period_start DATE NOT NULL, 
    billed_cost NUMERIC(38, 24) NOT NULL, 
    CONSTRAINT pk_cost_totals PRIMARY KEY (total_id)
);

GO

CREATE INDEX ix_cost_totals_tenant_id_scan_id ON dbo.cost_totals (tenant_id, scan_id);

GO

CREATE TABLE dbo.dead_letters (
    dead_letter_id BIGINT NOT NULL IDENTITY, 
    tenant_id VARCHAR(36) COLLATE Latin1_General_100_BIN2 NULL, 
    queue VARCHAR(60) COLLATE Latin1_General_100_BIN2 NOT NULL, 
    reason NVARCHAR(400) COLLATE Latin1_General_100_BIN2 NOT NULL, 
    body_text NVARCHAR(4000) COLLATE Latin1_General_100_BIN2 NOT NULL, 
    recorded_at DATETIME2(6) NOT NULL, 
    message_json NVARCHAR(4000) COLLATE Latin1_General_100_BIN2 NULL, 
    replayed_at DATETIME2(6) NULL, 
    replayed_by_name NVARCHAR(320) COLLATE Latin1_General_100_BIN2 NULL, 
    CONSTRAINT pk_dead_letters PRIMARY KEY (dead_letter_id)
);

GO

CREATE TABLE dbo.reviews (
    tenant_id VARCHAR(36) COLLATE Latin1_General_100_BIN2 NOT NULL, 
    scan_id VARCHAR(36) COLLATE Latin1_General_100_BIN2 NOT NULL, 
    taken_by VARCHAR(36) COLLATE Latin1_General_100_BIN2 NULL, 
    taken_by_name NVARCHAR(320) COLLATE Latin1_General_100_BIN2 NULL, 
    taken_at DATETIME2(6) NULL, 
    published_by VARCHAR(36) COLLATE Latin1_General_100_BIN2 NULL, 
    published_by_name NVARCHAR(320) COLLATE Latin1_General_100_BIN2 NULL, 
    published_at DATETIME2(6) NULL, 
    CONSTRAINT pk_reviews PRIMARY KEY (tenant_id, scan_id)
);

GO

CREATE TABLE dbo.operator_jobs (
    job_id VARCHAR(36) COLLATE Latin1_General_100_BIN2 NOT NULL, 
    tenant_id VARCHAR(36) COLLATE Latin1_General_100_BIN2 NOT NULL, 
    scan_id VARCHAR(36) COLLATE Latin1_General_100_BIN2 NOT NULL, 
    kind VARCHAR(20) COLLATE Latin1_General_100_BIN2 NOT NULL, 
    title NVARCHAR(200) COLLATE Latin1_General_100_BIN2 NOT NULL, 
    parameters_json NVARCHAR(max) COLLATE Latin1_General_100_BIN2 NOT NULL, 
    reason NVARCHAR(1000) COLLATE Latin1_General_100_BIN2 NOT NULL, 
    requested_by VARCHAR(36) COLLATE Latin1_General_100_BIN2 NOT NULL, 
    requested_by_name NVARCHAR(320) COLLATE Latin1_General_100_BIN2 NOT NULL, 
    requested_at DATETIME2(6) NOT NULL, 
    state VARCHAR(20) COLLATE Latin1_General_100_BIN2 NOT NULL, 
    state_reason NVARCHAR(1000) COLLATE Latin1_General_100_BIN2 NULL, 
    summary NVARCHAR(1000) COLLATE Latin1_General_100_BIN2 NULL, 
    parts INTEGER NOT NULL, 
    parts_done INTEGER NOT NULL, 
    place_json NVARCHAR(max) COLLATE Latin1_General_100_BIN2 NULL, 
    attempt INTEGER NOT NULL, 
    lease_id VARCHAR(36) COLLATE Latin1_General_100_BIN2 NULL, 
    lease_expires_at DATETIME2(6) NULL, 
    updated_at DATETIME2(6) NOT NULL, 
    finished_at DATETIME2(6) NULL, 
    CONSTRAINT pk_operator_jobs PRIMARY KEY (job_id)
);

GO

CREATE INDEX ix_operator_jobs_tenant_id_scan_id ON dbo.operator_jobs (tenant_id, scan_id);

GO

CREATE TABLE dbo.job_pages (
    job_id VARCHAR(36) COLLATE Latin1_General_100_BIN2 NOT NULL, 
    page_number INTEGER NOT NULL, 
    tenant_id VARCHAR(36) COLLATE Latin1_General_100_BIN2 NOT NULL, 
    scan_id VARCHAR(36) COLLATE Latin1_General_100_BIN2 NOT NULL, 
    status INTEGER NOT NULL, 
    body_gzip VARBINARY(max) NOT NULL, 
    received_at DATETIME2(6) NOT NULL, 
    CONSTRAINT pk_job_pages PRIMARY KEY (job_id, page_number)
);

GO

CREATE TABLE dbo.adhoc_results (
    job_id VARCHAR(36) COLLATE Latin1_General_100_BIN2 NOT NULL, 
    tenant_id VARCHAR(36) COLLATE Latin1_General_100_BIN2 NOT NULL, 
    scan_id VARCHAR(36) COLLATE Latin1_General_100_BIN2 NOT NULL, 
    rows INTEGER NOT NULL, 
    total_rows INTEGER NULL, 
    table_gzip VARBINARY(max) NOT NULL, 
    received_at DATETIME2(6) NOT NULL, 
    CONSTRAINT pk_adhoc_results PRIMARY KEY (job_id)
);

GO

CREATE TABLE dbo.metric_series (
    job_id VARCHAR(36) COLLATE Latin1_General_100_BIN2 NOT NULL, 
    series_number INTEGER NOT NULL, 
    tenant_id VARCHAR(36) COLLATE Latin1_General_100_BIN2 NOT NULL, 
    scan_id VARCHAR(36) COLLATE Latin1_General_100_BIN2 NOT NULL, 
    resource_id NVARCHAR(1024) COLLATE Latin1_General_100_BIN2 NOT NULL, 
    metric_name NVARCHAR(120) COLLATE Latin1_General_100_BIN2 NOT NULL, 
    unit NVARCHAR(40) COLLATE Latin1_General_100_BIN2 NOT NULL, 
    starts_at DATETIME2(6) NOT NULL, 
    step_seconds INTEGER NOT NULL, 
    points INTEGER NOT NULL, 
    missing INTEGER NOT NULL, 
    average FLOAT(53) NULL, 
    p95 FLOAT(53) NULL, 
    maximum FLOAT(53) NULL, 
    points_gzip VARBINARY(max) NOT NULL, 
    CONSTRAINT pk_metric_series PRIMARY KEY (job_id, series_number)
);

GO

CREATE INDEX ix_metric_series_tenant_id_scan_id ON dbo.metric_series (tenant_id, scan_id);

GO

CREATE TABLE dbo.purges (
    purge_id BIGINT NOT NULL IDENTITY, 
    receipt_id VARCHAR(36) COLLATE Latin1_General_100_BIN2 NOT NULL, 
    tenant_id VARCHAR(36) COLLATE Latin1_General_100_BIN2 NOT NULL, 
    scope VARCHAR(20) COLLATE Latin1_General_100_BIN2 NOT NULL, 
    user_object_id VARCHAR(36) COLLATE Latin1_General_100_BIN2 NULL, 
    scan_ids_json NVARCHAR(max) COLLATE Latin1_General_100_BIN2 NOT NULL, 
    reason VARCHAR(40) COLLATE Latin1_General_100_BIN2 NOT NULL, 
    requested_at DATETIME2(6) NOT NULL, 
    state VARCHAR(20) COLLATE Latin1_General_100_BIN2 NOT NULL, 
    counts_json NVARCHAR(max) COLLATE Latin1_General_100_BIN2 NOT NULL, 
    rows_deleted INTEGER NOT NULL, 
    purged_at DATETIME2(6) NOT NULL, 
    CONSTRAINT pk_purges PRIMARY KEY (purge_id), 
    CONSTRAINT uq_purges_receipt_id UNIQUE (receipt_id)
);

GO

CREATE TABLE dbo.purge_runs (
    run_id BIGINT NOT NULL IDENTITY, 
    as_of DATE NOT NULL, 
    started_at DATETIME2(6) NOT NULL, 
    finished_at DATETIME2(6) NULL, 
    customers INTEGER NOT NULL, 
    rows_deleted INTEGER NOT NULL, 
    CONSTRAINT pk_purge_runs PRIMARY KEY (run_id)
);

GO

CREATE TABLE dbo.audit_cutoffs (
    cutoff DATETIME2(6) NOT NULL, 
    CONSTRAINT pk_audit_cutoffs PRIMARY KEY (cutoff)
);

GO

CREATE TABLE dbo.audit_events (
    event_id BIGINT NOT NULL IDENTITY, 
    occurred_at DATETIME2(6) NOT NULL, 
    tenant_id VARCHAR(36) COLLATE Latin1_General_100_BIN2 NULL, 
    user_object_id VARCHAR(36) COLLATE Latin1_General_100_BIN2 NULL, 
    actor_kind VARCHAR(20) COLLATE Latin1_General_100_BIN2 NOT NULL, 
    actor_id VARCHAR(36) COLLATE Latin1_General_100_BIN2 NULL, 
    actor_name NVARCHAR(320) COLLATE Latin1_General_100_BIN2 NULL, 
    action VARCHAR(40) COLLATE Latin1_General_100_BIN2 NOT NULL, 
    subject_kind VARCHAR(20) COLLATE Latin1_General_100_BIN2 NULL, 
    subject_id NVARCHAR(120) COLLATE Latin1_General_100_BIN2 NULL, 
    reason NVARCHAR(400) COLLATE Latin1_General_100_BIN2 NULL, 
    outcome VARCHAR(20) COLLATE Latin1_General_100_BIN2 NOT NULL, 
    details_json NVARCHAR(max) COLLATE Latin1_General_100_BIN2 NULL, 
    CONSTRAINT pk_audit_events PRIMARY KEY (event_id)
);

GO

CREATE INDEX ix_audit_events_tenant_id_event_id ON dbo.audit_events (tenant_id, event_id);

GO

CREATE TABLE dbo.subscriptions (
    tenant_id VARCHAR(36) COLLATE Latin1_General_100_BIN2 NOT NULL, 
    scan_id VARCHAR(36) COLLATE Latin1_General_100_BIN2 NOT NULL, 
    subscription_id VARCHAR(36) COLLATE Latin1_General_100_BIN2 NOT NULL, 
    state NVARCHAR(40) COLLATE Latin1_General_100_BIN2 NOT NULL, 
    quota_id NVARCHAR(120) COLLATE Latin1_General_100_BIN2 NULL, 
    CONSTRAINT pk_subscriptions PRIMARY KEY (tenant_id, scan_id, subscription_id)
);

GO

CREATE TABLE dbo.findings (
    finding_id VARCHAR(36) COLLATE Latin1_General_100_BIN2 NOT NULL, 
    tenant_id VARCHAR(36) COLLATE Latin1_General_100_BIN2 NOT NULL, 
    scan_id VARCHAR(36) COLLATE Latin1_General_100_BIN2 NOT NULL, 
    finding_key NVARCHAR(120) COLLATE Latin1_General_100_BIN2 NOT NULL, 
    status VARCHAR(20) COLLATE Latin1_General_100_BIN2 NOT NULL, 
    title NVARCHAR(300) COLLATE Latin1_General_100_BIN2 NOT NULL, 
    text NVARCHAR(max) COLLATE Latin1_General_100_BIN2 NOT NULL, 
    measure VARCHAR(20) COLLATE Latin1_General_100_BIN2 NOT NULL, 
    confidence VARCHAR(20) COLLATE Latin1_General_100_BIN2 NOT NULL, 
    effort VARCHAR(20) COLLATE Latin1_General_100_BIN2 NOT NULL, 
    owner NVARCHAR(320) COLLATE Latin1_General_100_BIN2 NULL, 
    version INTEGER NOT NULL, 
    is_edited BIT NOT NULL, 
    created_at DATETIME2(6) NOT NULL, 
    updated_at DATETIME2(6) NOT NULL, 
    updated_by NVARCHAR(320) COLLATE Latin1_General_100_BIN2 NULL, 
    published_at DATETIME2(6) NULL, 
    saving_from VARCHAR(20) COLLATE Latin1_General_100_BIN2 NOT NULL DEFAULT 'resources', 
    evidence_json NVARCHAR(max) COLLATE Latin1_General_100_BIN2 NULL, 
    carried_from VARCHAR(36) COLLATE Latin1_General_100_BIN2 NULL, 
    to_check NVARCHAR(600) COLLATE Latin1_General_100_BIN2 NULL, 
    CONSTRAINT pk_findings PRIMARY KEY (finding_id), 
    CONSTRAINT uq_findings_tenant_id_scan_id_finding_key UNIQUE (tenant_id, scan_id, finding_key)
);

GO

CREATE TABLE dbo.finding_resources (
    finding_id VARCHAR(36) COLLATE Latin1_General_100_BIN2 NOT NULL, 
    position INTEGER NOT NULL, 
    tenant_id VARCHAR(36) COLLATE Latin1_General_100_BIN2 NOT NULL, 
    scan_id VARCHAR(36) COLLATE Latin1_General_100_BIN2 NOT NULL, 
    resource_id NVARCHAR(1024) COLLATE Latin1_General_100_BIN2 NOT NULL, 
    resource_name NVARCHAR(260) COLLATE Latin1_General_100_BIN2 NOT NULL, 
    resource_type NVARCHAR(200) COLLATE Latin1_General_100_BIN2 NOT NULL, 
    sub_account_id VARCHAR(36) COLLATE Latin1_General_100_BIN2 NOT NULL, 
    resource_group NVARCHAR(90) COLLATE Latin1_General_100_BIN2 NULL, 
    region_id NVARCHAR(90) COLLATE Latin1_General_100_BIN2 NULL, 
    evidence_json NVARCHAR(max) COLLATE Latin1_General_100_BIN2 NOT NULL, 
    note NVARCHAR(600) COLLATE Latin1_General_100_BIN2 NULL, 
    is_left_out BIT NOT NULL DEFAULT 0, 
    CONSTRAINT pk_finding_resources PRIMARY KEY (finding_id, position)
);

GO

CREATE INDEX ix_finding_resources_tenant_id_scan_id ON dbo.finding_resources (tenant_id, scan_id);

GO

CREATE TABLE dbo.finding_savings (
    finding_id VARCHAR(36) COLLATE Latin1_General_100_BIN2 NOT NULL, 
    position INTEGER NOT NULL, 
    currency VARCHAR(3) COLLATE Latin1_General_100_BIN2 NOT NULL, 
    tenant_id VARCHAR(36) COLLATE Latin1_General_100_BIN2 NOT NULL, 
    scan_id VARCHAR(36) COLLATE Latin1_General_100_BIN2 NOT NULL, 
    monthly NUMERIC(38, 24) NOT NULL, 
    basis VARCHAR(20) COLLATE Latin1_General_100_BIN2 NOT NULL, 
    yearly NUMERIC(38, 24) NULL, 
    CONSTRAINT pk_finding_savings PRIMARY KEY (finding_id, position, currency)
);

GO

CREATE INDEX ix_finding_savings_tenant_id_scan_id ON dbo.finding_savings (tenant_id, scan_id);

GO

CREATE TABLE dbo.finding_versions (
    finding_id VARCHAR(36) COLLATE Latin1_General_100_BIN2 NOT NULL, 
    version INTEGER NOT NULL, 
    tenant_id VARCHAR(36) COLLATE Latin1_General_100_BIN2 NOT NULL, 
    scan_id VARCHAR(36) COLLATE Latin1_General_100_BIN2 NOT NULL, 
    status VARCHAR(20) COLLATE Latin1_General_100_BIN2 NOT NULL, 
    title NVARCHAR(300) COLLATE Latin1_General_100_BIN2 NOT NULL, 
    text NVARCHAR(max) COLLATE Latin1_General_100_BIN2 NOT NULL, 
    confidence VARCHAR(20) COLLATE Latin1_General_100_BIN2 NOT NULL, 
    effort VARCHAR(20) COLLATE Latin1_General_100_BIN2 NOT NULL, 
    owner NVARCHAR(320) COLLATE Latin1_General_100_BIN2 NULL, 
    savings_json NVARCHAR(max) COLLATE Latin1_General_100_BIN2 NOT NULL, 
    changed_at DATETIME2(6) NOT NULL, 
    changed_by NVARCHAR(320) COLLATE Latin1_General_100_BIN2 NULL, 
    change NVARCHAR(600) COLLATE Latin1_General_100_BIN2 NULL, 
    CONSTRAINT pk_finding_versions PRIMARY KEY (finding_id, version)
);

GO

CREATE INDEX ix_finding_versions_tenant_id_scan_id ON dbo.finding_versions (tenant_id, scan_id);

GO

CREATE TABLE dbo.finding_proposals (
    finding_id VARCHAR(36) COLLATE Latin1_General_100_BIN2 NOT NULL, 
    tenant_id VARCHAR(36) COLLATE Latin1_General_100_BIN2 NOT NULL, 
    scan_id VARCHAR(36) COLLATE Latin1_General_100_BIN2 NOT NULL, 
    proposed_at DATETIME2(6) NOT NULL, 
    title NVARCHAR(300) COLLATE Latin1_General_100_BIN2 NOT NULL, 
    text NVARCHAR(max) COLLATE Latin1_General_100_BIN2 NOT NULL, 
    resources_json NVARCHAR(max) COLLATE Latin1_General_100_BIN2 NOT NULL, 
    evidence_json NVARCHAR(max) COLLATE Latin1_General_100_BIN2 NOT NULL, 
    CONSTRAINT pk_finding_proposals PRIMARY KEY (finding_id)
);

GO

CREATE INDEX ix_finding_proposals_tenant_id_scan_id ON dbo.finding_proposals (tenant_id, scan_id);

GO

CREATE TABLE dbo.finding_states (
    tenant_id VARCHAR(36) COLLATE Latin1_General_100_BIN2 NOT NULL, 
    user_object_id VARCHAR(36) COLLATE Latin1_General_100_BIN2 NOT NULL, 
    finding_key NVARCHAR(120) COLLATE Latin1_General_100_BIN2 NOT NULL, 
    scan_id VARCHAR(36) COLLATE Latin1_General_100_BIN2 NOT NULL, 
    decision VARCHAR(20) COLLATE Latin1_General_100_BIN2 NOT NULL, 
    reason NVARCHAR(1000) COLLATE Latin1_General_100_BIN2 NULL, 
    decided_at DATETIME2(6) NOT NULL, 
    decided_by NVARCHAR(320) COLLATE Latin1_General_100_BIN2 NOT NULL, 
    version INTEGER NOT NULL, 
    resources_json NVARCHAR(max) COLLATE Latin1_General_100_BIN2 NULL, 
    CONSTRAINT pk_finding_states PRIMARY KEY (tenant_id, user_object_id, finding_key)
);

GO

CREATE TABLE dbo.outbox (
    mail_id VARCHAR(36) COLLATE Latin1_General_100_BIN2 NOT NULL, 
    tenant_id VARCHAR(36) COLLATE Latin1_General_100_BIN2 NOT NULL, 
    scan_id VARCHAR(36) COLLATE Latin1_General_100_BIN2 NOT NULL, 
    kind VARCHAR(40) COLLATE Latin1_General_100_BIN2 NOT NULL, 
    recipient NVARCHAR(320) COLLATE Latin1_General_100_BIN2 NOT NULL, 
    state VARCHAR(20) COLLATE Latin1_General_100_BIN2 NOT NULL, 
    code NVARCHAR(120) COLLATE Latin1_General_100_BIN2 NULL, 
    attempt INTEGER NOT NULL, 
    not_before DATETIME2(6) NULL, 
    changed_at DATETIME2(6) NOT NULL, 
    CONSTRAINT pk_outbox PRIMARY KEY (mail_id), 
    CONSTRAINT uq_outbox_tenant_id_scan_id_kind_recipient UNIQUE (tenant_id, scan_id, kind, recipient)
);

GO

CREATE INDEX ix_outbox_state_changed_at ON dbo.outbox (state, changed_at);

GO

CREATE PROCEDURE delete_audit_events @before datetime2(6), @most int AS
BEGIN
  SET NOCOUNT ON;
  DELETE TOP (@most) FROM audit_events
  WHERE occurred_at < @before
    AND NOT EXISTS (SELECT 1 FROM scans WHERE scans.tenant_id = audit_events.tenant_id);
  SELECT @@ROWCOUNT AS deleted;
END;

GO

DENY UPDATE, DELETE ON OBJECT::dbo.audit_events TO public;

GO

ALTER TABLE dbo.costs REBUILD WITH (DATA_COMPRESSION = PAGE);

GO

ALTER TABLE dbo.inventory REBUILD WITH (DATA_COMPRESSION = PAGE);

GO

ALTER TABLE dbo.advisor REBUILD WITH (DATA_COMPRESSION = PAGE);

GO

ALTER TABLE dbo.cost_totals REBUILD WITH (DATA_COMPRESSION = PAGE);

GO

CREATE FUNCTION dbo.is_own_row (@tenant_id varchar(36)) RETURNS TABLE WITH SCHEMABINDING AS
RETURN SELECT 1 AS is_own
WHERE @tenant_id = CAST(SESSION_CONTEXT(N'tenant_id') AS varchar(36))
   OR CAST(SESSION_CONTEXT(N'is_system') AS varchar(3)) = 'yes';

GO

CREATE SECURITY POLICY dbo.own_rows
ADD FILTER PREDICATE dbo.is_own_row(tenant_id) ON dbo.costs,
ADD BLOCK PREDICATE dbo.is_own_row(tenant_id) ON dbo.costs AFTER INSERT,
ADD BLOCK PREDICATE dbo.is_own_row(tenant_id) ON dbo.costs AFTER UPDATE,
ADD BLOCK PREDICATE dbo.is_own_row(tenant_id) ON dbo.costs BEFORE UPDATE,
ADD BLOCK PREDICATE dbo.is_own_row(tenant_id) ON dbo.costs BEFORE DELETE,
ADD FILTER PREDICATE dbo.is_own_row(tenant_id) ON dbo.inventory,
ADD BLOCK PREDICATE dbo.is_own_row(tenant_id) ON dbo.inventory AFTER INSERT,
ADD BLOCK PREDICATE dbo.is_own_row(tenant_id) ON dbo.inventory AFTER UPDATE,
ADD BLOCK PREDICATE dbo.is_own_row(tenant_id) ON dbo.inventory BEFORE UPDATE,
ADD BLOCK PREDICATE dbo.is_own_row(tenant_id) ON dbo.inventory BEFORE DELETE,
ADD FILTER PREDICATE dbo.is_own_row(tenant_id) ON dbo.advisor,
ADD BLOCK PREDICATE dbo.is_own_row(tenant_id) ON dbo.advisor AFTER INSERT,
ADD BLOCK PREDICATE dbo.is_own_row(tenant_id) ON dbo.advisor AFTER UPDATE,
ADD BLOCK PREDICATE dbo.is_own_row(tenant_id) ON dbo.advisor BEFORE UPDATE,
ADD BLOCK PREDICATE dbo.is_own_row(tenant_id) ON dbo.advisor BEFORE DELETE,
ADD FILTER PREDICATE dbo.is_own_row(tenant_id) ON dbo.reservations,
ADD BLOCK PREDICATE dbo.is_own_row(tenant_id) ON dbo.reservations AFTER INSERT,
ADD BLOCK PREDICATE dbo.is_own_row(tenant_id) ON dbo.reservations AFTER UPDATE,
ADD BLOCK PREDICATE dbo.is_own_row(tenant_id) ON dbo.reservations BEFORE UPDATE,
ADD BLOCK PREDICATE dbo.is_own_row(tenant_id) ON dbo.reservations BEFORE DELETE,
ADD FILTER PREDICATE dbo.is_own_row(tenant_id) ON dbo.savings_plans,
ADD BLOCK PREDICATE dbo.is_own_row(tenant_id) ON dbo.savings_plans AFTER INSERT,
ADD BLOCK PREDICATE dbo.is_own_row(tenant_id) ON dbo.savings_plans AFTER UPDATE,
ADD BLOCK PREDICATE dbo.is_own_row(tenant_id) ON dbo.savings_plans BEFORE UPDATE,
ADD BLOCK PREDICATE dbo.is_own_row(tenant_id) ON dbo.savings_plans BEFORE DELETE,
ADD FILTER PREDICATE dbo.is_own_row(tenant_id) ON dbo.cost_totals,
ADD BLOCK PREDICATE dbo.is_own_row(tenant_id) ON dbo.cost_totals AFTER INSERT,
ADD BLOCK PREDICATE dbo.is_own_row(tenant_id) ON dbo.cost_totals AFTER UPDATE,
ADD BLOCK PREDICATE dbo.is_own_row(tenant_id) ON dbo.cost_totals BEFORE UPDATE,
ADD BLOCK PREDICATE dbo.is_own_row(tenant_id) ON dbo.cost_totals BEFORE DELETE,
ADD FILTER PREDICATE dbo.is_own_row(tenant_id) ON dbo.raw_pages,
ADD BLOCK PREDICATE dbo.is_own_row(tenant_id) ON dbo.raw_pages AFTER INSERT,
ADD BLOCK PREDICATE dbo.is_own_row(tenant_id) ON dbo.raw_pages AFTER UPDATE,
ADD BLOCK PREDICATE dbo.is_own_row(tenant_id) ON dbo.raw_pages BEFORE UPDATE,
ADD BLOCK PREDICATE dbo.is_own_row(tenant_id) ON dbo.raw_pages BEFORE DELETE,
ADD FILTER PREDICATE dbo.is_own_row(tenant_id) ON dbo.steps,
ADD BLOCK PREDICATE dbo.is_own_row(tenant_id) ON dbo.steps AFTER INSERT,
ADD BLOCK PREDICATE dbo.is_own_row(tenant_id) ON dbo.steps AFTER UPDATE,
ADD BLOCK PREDICATE dbo.is_own_row(tenant_id) ON dbo.steps BEFORE UPDATE,
ADD BLOCK PREDICATE dbo.is_own_row(tenant_id) ON dbo.steps BEFORE DELETE,
ADD FILTER PREDICATE dbo.is_own_row(tenant_id) ON dbo.scans,
ADD BLOCK PREDICATE dbo.is_own_row(tenant_id) ON dbo.scans AFTER INSERT,
ADD BLOCK PREDICATE dbo.is_own_row(tenant_id) ON dbo.scans AFTER UPDATE,
ADD BLOCK PREDICATE dbo.is_own_row(tenant_id) ON dbo.scans BEFORE UPDATE,
ADD BLOCK PREDICATE dbo.is_own_row(tenant_id) ON dbo.scans BEFORE DELETE,
ADD FILTER PREDICATE dbo.is_own_row(tenant_id) ON dbo.connections,
ADD BLOCK PREDICATE dbo.is_own_row(tenant_id) ON dbo.connections AFTER INSERT,
ADD BLOCK PREDICATE dbo.is_own_row(tenant_id) ON dbo.connections AFTER UPDATE,
ADD BLOCK PREDICATE dbo.is_own_row(tenant_id) ON dbo.connections BEFORE UPDATE,
ADD BLOCK PREDICATE dbo.is_own_row(tenant_id) ON dbo.connections BEFORE DELETE,
ADD FILTER PREDICATE dbo.is_own_row(tenant_id) ON dbo.reviews,
ADD BLOCK PREDICATE dbo.is_own_row(tenant_id) ON dbo.reviews AFTER INSERT,
ADD BLOCK PREDICATE dbo.is_own_row(tenant_id) ON dbo.reviews AFTER UPDATE,
ADD BLOCK PREDICATE dbo.is_own_row(tenant_id) ON dbo.reviews BEFORE UPDATE,
ADD BLOCK PREDICATE dbo.is_own_row(tenant_id) ON dbo.reviews BEFORE DELETE,
ADD FILTER PREDICATE dbo.is_own_row(tenant_id) ON dbo.operator_jobs,
ADD BLOCK PREDICATE dbo.is_own_row(tenant_id) ON dbo.operator_jobs AFTER INSERT,
ADD BLOCK PREDICATE dbo.is_own_row(tenant_id) ON dbo.operator_jobs AFTER UPDATE,
ADD BLOCK PREDICATE dbo.is_own_row(tenant_id) ON dbo.operator_jobs BEFORE UPDATE,
ADD BLOCK PREDICATE dbo.is_own_row(tenant_id) ON dbo.operator_jobs BEFORE DELETE,
ADD FILTER PREDICATE dbo.is_own_row(tenant_id) ON dbo.job_pages,
ADD BLOCK PREDICATE dbo.is_own_row(tenant_id) ON dbo.job_pages AFTER INSERT,
ADD BLOCK PREDICATE dbo.is_own_row(tenant_id) ON dbo.job_pages AFTER UPDATE,
ADD BLOCK PREDICATE dbo.is_own_row(tenant_id) ON dbo.job_pages BEFORE UPDATE,
ADD BLOCK PREDICATE dbo.is_own_row(tenant_id) ON dbo.job_pages BEFORE DELETE,
ADD FILTER PREDICATE dbo.is_own_row(tenant_id) ON dbo.adhoc_results,
ADD BLOCK PREDICATE dbo.is_own_row(tenant_id) ON dbo.adhoc_results AFTER INSERT,
ADD BLOCK PREDICATE dbo.is_own_row(tenant_id) ON dbo.adhoc_results AFTER UPDATE,
ADD BLOCK PREDICATE dbo.is_own_row(tenant_id) ON dbo.adhoc_results BEFORE UPDATE,
ADD BLOCK PREDICATE dbo.is_own_row(tenant_id) ON dbo.adhoc_results BEFORE DELETE,
ADD FILTER PREDICATE dbo.is_own_row(tenant_id) ON dbo.metric_series,
ADD BLOCK PREDICATE dbo.is_own_row(tenant_id) ON dbo.metric_series AFTER INSERT,
ADD BLOCK PREDICATE dbo.is_own_row(tenant_id) ON dbo.metric_series AFTER UPDATE,
ADD BLOCK PREDICATE dbo.is_own_row(tenant_id) ON dbo.metric_series BEFORE UPDATE,
ADD BLOCK PREDICATE dbo.is_own_row(tenant_id) ON dbo.metric_series BEFORE DELETE,
ADD FILTER PREDICATE dbo.is_own_row(tenant_id) ON dbo.subscriptions,
ADD BLOCK PREDICATE dbo.is_own_row(tenant_id) ON dbo.subscriptions AFTER INSERT,
ADD BLOCK PREDICATE dbo.is_own_row(tenant_id) ON dbo.subscriptions AFTER UPDATE,
ADD BLOCK PREDICATE dbo.is_own_row(tenant_id) ON dbo.subscriptions BEFORE UPDATE,
ADD BLOCK PREDICATE dbo.is_own_row(tenant_id) ON dbo.subscriptions BEFORE DELETE,
ADD FILTER PREDICATE dbo.is_own_row(tenant_id) ON dbo.findings,
ADD BLOCK PREDICATE dbo.is_own_row(tenant_id) ON dbo.findings AFTER INSERT,
ADD BLOCK PREDICATE dbo.is_own_row(tenant_id) ON dbo.findings AFTER UPDATE,
ADD BLOCK PREDICATE dbo.is_own_row(tenant_id) ON dbo.findings BEFORE UPDATE,
ADD BLOCK PREDICATE dbo.is_own_row(tenant_id) ON dbo.findings BEFORE DELETE,
ADD FILTER PREDICATE dbo.is_own_row(tenant_id) ON dbo.finding_resources,
ADD BLOCK PREDICATE dbo.is_own_row(tenant_id) ON dbo.finding_resources AFTER INSERT,
ADD BLOCK PREDICATE dbo.is_own_row(tenant_id) ON dbo.finding_resources AFTER UPDATE,
ADD BLOCK PREDICATE dbo.is_own_row(tenant_id) ON dbo.finding_resources BEFORE UPDATE,
ADD BLOCK PREDICATE dbo.is_own_row(tenant_id) ON dbo.finding_resources BEFORE DELETE,
ADD FILTER PREDICATE dbo.is_own_row(tenant_id) ON dbo.finding_savings,
ADD BLOCK PREDICATE dbo.is_own_row(tenant_id) ON dbo.finding_savings AFTER INSERT,
ADD BLOCK PREDICATE dbo.is_own_row(tenant_id) ON dbo.finding_savings AFTER UPDATE,
ADD BLOCK PREDICATE dbo.is_own_row(tenant_id) ON dbo.finding_savings BEFORE UPDATE,
ADD BLOCK PREDICATE dbo.is_own_row(tenant_id) ON dbo.finding_savings BEFORE DELETE,
ADD FILTER PREDICATE dbo.is_own_row(tenant_id) ON dbo.finding_versions,
ADD BLOCK PREDICATE dbo.is_own_row(tenant_id) ON dbo.finding_versions AFTER INSERT,
ADD BLOCK PREDICATE dbo.is_own_row(tenant_id) ON dbo.finding_versions AFTER UPDATE,
ADD BLOCK PREDICATE dbo.is_own_row(tenant_id) ON dbo.finding_versions BEFORE UPDATE,
ADD BLOCK PREDICATE dbo.is_own_row(tenant_id) ON dbo.finding_versions BEFORE DELETE,
ADD FILTER PREDICATE dbo.is_own_row(tenant_id) ON dbo.finding_proposals,
ADD BLOCK PREDICATE dbo.is_own_row(tenant_id) ON dbo.finding_proposals AFTER INSERT,
ADD BLOCK PREDICATE dbo.is_own_row(tenant_id) ON dbo.finding_proposals AFTER UPDATE,
ADD BLOCK PREDICATE dbo.is_own_row(tenant_id) ON dbo.finding_proposals BEFORE UPDATE,
ADD BLOCK PREDICATE dbo.is_own_row(tenant_id) ON dbo.finding_proposals BEFORE DELETE,
ADD FILTER PREDICATE dbo.is_own_row(tenant_id) ON dbo.finding_states,
ADD BLOCK PREDICATE dbo.is_own_row(tenant_id) ON dbo.finding_states AFTER INSERT,
ADD BLOCK PREDICATE dbo.is_own_row(tenant_id) ON dbo.finding_states AFTER UPDATE,
ADD BLOCK PREDICATE dbo.is_own_row(tenant_id) ON dbo.finding_states BEFORE UPDATE,
ADD BLOCK PREDICATE dbo.is_own_row(tenant_id) ON dbo.finding_states BEFORE DELETE,
ADD FILTER PREDICATE dbo.is_own_row(tenant_id) ON dbo.outbox,
ADD BLOCK PREDICATE dbo.is_own_row(tenant_id) ON dbo.outbox AFTER INSERT,
ADD BLOCK PREDICATE dbo.is_own_row(tenant_id) ON dbo.outbox AFTER UPDATE,
ADD BLOCK PREDICATE dbo.is_own_row(tenant_id) ON dbo.outbox BEFORE UPDATE,
ADD BLOCK PREDICATE dbo.is_own_row(tenant_id) ON dbo.outbox BEFORE DELETE,
ADD FILTER PREDICATE dbo.is_own_row(tenant_id) ON dbo.dead_letters,
ADD BLOCK PREDICATE dbo.is_own_row(tenant_id) ON dbo.dead_letters AFTER INSERT,
ADD BLOCK PREDICATE dbo.is_own_row(tenant_id) ON dbo.dead_letters AFTER UPDATE,
ADD BLOCK PREDICATE dbo.is_own_row(tenant_id) ON dbo.dead_letters BEFORE UPDATE,
ADD BLOCK PREDICATE dbo.is_own_row(tenant_id) ON dbo.dead_letters BEFORE DELETE,
ADD FILTER PREDICATE dbo.is_own_row(tenant_id) ON dbo.purges,
ADD BLOCK PREDICATE dbo.is_own_row(tenant_id) ON dbo.purges AFTER INSERT,
ADD BLOCK PREDICATE dbo.is_own_row(tenant_id) ON dbo.purges AFTER UPDATE,
ADD BLOCK PREDICATE dbo.is_own_row(tenant_id) ON dbo.purges BEFORE UPDATE,
ADD BLOCK PREDICATE dbo.is_own_row(tenant_id) ON dbo.purges BEFORE DELETE,
ADD FILTER PREDICATE dbo.is_own_row(tenant_id) ON dbo.audit_events,
ADD BLOCK PREDICATE dbo.is_own_row(tenant_id) ON dbo.audit_events AFTER INSERT,
ADD BLOCK PREDICATE dbo.is_own_row(tenant_id) ON dbo.audit_events AFTER UPDATE,
ADD BLOCK PREDICATE dbo.is_own_row(tenant_id) ON dbo.audit_events BEFORE UPDATE,
ADD BLOCK PREDICATE dbo.is_own_row(tenant_id) ON dbo.audit_events BEFORE DELETE
WITH (STATE = ON, SCHEMABINDING = ON);

GO

INSERT INTO dbo.alembic_version (version_num) OUTPUT inserted.version_num VALUES ('0001');

GO

-- Running upgrade 0001 -> 0002

ALTER TABLE dbo.connections ADD mail_address NVARCHAR(320) COLLATE Latin1_General_100_BIN2 NULL;

GO

ALTER TABLE dbo.scans ADD left_out_json NVARCHAR(max) COLLATE Latin1_General_100_BIN2 NULL;

GO

ALTER TABLE dbo.steps ADD subscription_state NVARCHAR(40) COLLATE Latin1_General_100_BIN2 NOT NULL CONSTRAINT df_steps_subscription_state DEFAULT '';

GO

ALTER TABLE dbo.steps ADD rows_set_aside INTEGER NOT NULL CONSTRAINT df_steps_rows_set_aside DEFAULT '0';

GO

ALTER TABLE dbo.steps ADD set_aside_json NVARCHAR(max) COLLATE Latin1_General_100_BIN2 NULL;

GO

UPDATE dbo.alembic_version SET version_num='0002' WHERE alembic_version.version_num = '0001';

GO

-- Running upgrade 0002 -> 0003

DROP PROCEDURE dbo.delete_audit_events;

GO

CREATE PROCEDURE dbo.delete_audit_events @before datetime2(6), @most int AS
BEGIN
  SET NOCOUNT ON;
  IF @before > DATEADD(month, -12, SYSUTCDATETIME()) OR @most > 4000
    THROW 50002, N'at most 4000 entries at once, older than 12 months', 1;
  DELETE TOP (@most) FROM dbo.audit_events
  WHERE occurred_at < @before
    AND NOT EXISTS (SELECT 1 FROM dbo.scans WHERE scans.tenant_id = audit_events.tenant_id);
  SELECT @@ROWCOUNT AS deleted;
END;

GO

IF DATABASE_PRINCIPAL_ID(N'caleta_purge') IS NOT NULL GRANT EXECUTE ON OBJECT::dbo.delete_audit_events TO caleta_purge;

GO

UPDATE dbo.alembic_version SET version_num='0003' WHERE alembic_version.version_num = '0002';

GO

-- Running upgrade 0003 -> 0004

ALTER TABLE dbo.costs ADD charge_category VARCHAR(20) COLLATE Latin1_General_100_BIN2 NULL;

GO

ALTER TABLE dbo.costs ADD charge_frequency VARCHAR(20) COLLATE Latin1_General_100_BIN2 NULL;

GO

ALTER TABLE dbo.costs ADD pricing_category VARCHAR(20) COLLATE Latin1_General_100_BIN2 NULL;

GO

ALTER TABLE dbo.costs ADD commitment_discount_type VARCHAR(20) COLLATE Latin1_General_100_BIN2 NULL;

GO

ALTER TABLE dbo.costs ADD publisher NVARCHAR(200) COLLATE Latin1_General_100_BIN2 NULL;

GO

ALTER TABLE dbo.costs ADD consumed_quantity NUMERIC(38, 24) NULL;

GO

ALTER TABLE dbo.steps ALTER COLUMN simplified INTEGER NOT NULL;

GO

UPDATE dbo.alembic_version SET version_num='0004' WHERE alembic_version.version_num = '0003';

GO

-- Running upgrade 0004 -> 0005

CREATE TABLE dbo.deletion_ledger (
    entry_id BIGINT NOT NULL IDENTITY, 
    receipt_id VARCHAR(36) COLLATE Latin1_General_100_BIN2 NOT NULL, 
    event VARCHAR(20) COLLATE Latin1_General_100_BIN2 NOT NULL, 
    tenant_pseudonym VARCHAR(64) COLLATE Latin1_General_100_BIN2 NOT NULL, 
    user_pseudonym VARCHAR(64) COLLATE Latin1_General_100_BIN2 NULL, 
    scope VARCHAR(20) COLLATE Latin1_General_100_BIN2 NOT NULL, 
    scan_count INTEGER NOT NULL, 
    reason VARCHAR(40) COLLATE Latin1_General_100_BIN2 NOT NULL, 
    requested_at DATETIME2(6) NOT NULL, 
    recorded_at DATETIME2(6) NOT NULL, 
    counts_json NVARCHAR(max) COLLATE Latin1_General_100_BIN2 NOT NULL, 
    rows_deleted INTEGER NOT NULL, 
    CONSTRAINT pk_deletion_ledger PRIMARY KEY (entry_id), 
    CONSTRAINT uq_deletion_ledger_receipt_id_event UNIQUE (receipt_id, event), 
    CONSTRAINT ck_deletion_ledger_event CHECK (event IN ('requested', 'finished'))
);

GO

CREATE INDEX ix_deletion_ledger_tenant_pseudonym ON dbo.deletion_ledger (tenant_pseudonym);

GO

CREATE INDEX ix_deletion_ledger_requested_at ON dbo.deletion_ledger (requested_at);

GO

CREATE TABLE dbo.purge_run_results (
    run_id BIGINT NOT NULL, 
    finished_at DATETIME2(6) NOT NULL, 
    customers INTEGER NOT NULL, 
    rows_deleted INTEGER NOT NULL, 
    CONSTRAINT pk_purge_run_results PRIMARY KEY (run_id)
);

GO

INSERT INTO dbo.purge_run_results (run_id, finished_at, customers, rows_deleted) SELECT run_id, finished_at, customers, rows_deleted FROM purge_runs WHERE finished_at IS NOT NULL;

GO

DENY UPDATE, DELETE ON OBJECT::dbo.deletion_ledger TO public;

GO

DENY UPDATE, DELETE ON OBJECT::dbo.purge_runs TO public;

GO

DENY UPDATE, DELETE ON OBJECT::dbo.purge_run_results TO public;

GO

UPDATE dbo.alembic_version SET version_num='0005' WHERE alembic_version.version_num = '0004';

GO

-- Running upgrade 0005 -> 0006

UPDATE dbo.scans SET status = 'cancelled', status_reason = 'A newer scan was started.', finished_at = requested_at
WHERE status IN ('requested', 'collecting', 'finishing') AND EXISTS (
    SELECT 1 FROM scans AS newer
    WHERE newer.tenant_id = scans.tenant_id AND newer.user_object_id = scans.user_object_id
    AND newer.status IN ('requested', 'collecting', 'finishing')
    AND (
        newer.requested_at > scans.requested_at
        OR (newer.requested_at = scans.requested_at AND newer.scan_id > scans.scan_id)
    )
);

GO

CREATE UNIQUE INDEX ix_scans_running ON dbo.scans (tenant_id, user_object_id) WHERE status IN ('requested', 'collecting', 'finishing');

GO

UPDATE dbo.alembic_version SET version_num='0006' WHERE alembic_version.version_num = '0005';

GO

-- Running upgrade 0006 -> 0007

CREATE INDEX ix_job_pages_tenant_id_scan_id ON dbo.job_pages (tenant_id, scan_id);

GO

CREATE INDEX ix_adhoc_results_tenant_id_scan_id ON dbo.adhoc_results (tenant_id, scan_id);

GO

CREATE INDEX ix_dead_letters_tenant_id ON dbo.dead_letters (tenant_id);

GO

UPDATE dbo.alembic_version SET version_num='0007' WHERE alembic_version.version_num = '0006';

GO

-- Running upgrade 0007 -> 0008

CREATE INDEX ix_audit_events_occurred_at ON dbo.audit_events (occurred_at, tenant_id);

GO

CREATE INDEX ix_scans_finished_at ON dbo.scans (finished_at);

GO

UPDATE dbo.alembic_version SET version_num='0008' WHERE alembic_version.version_num = '0007';

GO

-- Running upgrade 0008 -> 0009

EXEC sp_rename 'dbo.reviews.taken_by', claimed_by, 'COLUMN';

GO

EXEC sp_rename 'dbo.reviews.taken_by_name', claimed_by_name, 'COLUMN';

GO

EXEC sp_rename 'dbo.reviews.taken_at', claimed_at, 'COLUMN';

GO

EXEC sp_rename 'dbo.operator_jobs.place_json', cursor_json, 'COLUMN';

GO

EXEC sp_rename 'dbo.finding_resources.is_left_out', is_excluded, 'COLUMN';

GO

UPDATE dbo.alembic_version SET version_num='0009' WHERE alembic_version.version_num = '0008';

GO

-- Running upgrade 0009 -> 0010

ALTER TABLE dbo.scans ADD has_totals BIT NOT NULL CONSTRAINT df_scans_has_totals DEFAULT 0;

GO

UPDATE dbo.alembic_version SET version_num='0010' WHERE alembic_version.version_num = '0009';

GO

-- Running upgrade 0010 -> 0011

ALTER TABLE dbo.finding_resources ADD owner_tag NVARCHAR(256) COLLATE Latin1_General_100_BIN2 NULL;

GO

ALTER TABLE dbo.finding_states ADD owner NVARCHAR(320) COLLATE Latin1_General_100_BIN2 NULL;

GO

ALTER TABLE dbo.finding_states ADD due_on DATE NULL;

GO

ALTER TABLE dbo.finding_states ADD note NVARCHAR(1000) COLLATE Latin1_General_100_BIN2 NULL;

GO

UPDATE dbo.alembic_version SET version_num='0011' WHERE alembic_version.version_num = '0010';

GO

-- Running upgrade 0011 -> 0012

ALTER TABLE dbo.reviews ADD findings_deleted_at DATETIME2(6) NULL;

GO

CREATE TABLE dbo.finding_ledger (
    ledger_id VARCHAR(36) COLLATE Latin1_General_100_BIN2 NOT NULL, 
    tenant_id VARCHAR(36) COLLATE Latin1_General_100_BIN2 NOT NULL, 
    finding_key NVARCHAR(120) COLLATE Latin1_General_100_BIN2 NOT NULL, 
    resource_key VARCHAR(64) COLLATE Latin1_General_100_BIN2 NOT NULL, 
    title NVARCHAR(300) COLLATE Latin1_General_100_BIN2 NOT NULL, 
    measure VARCHAR(20) COLLATE Latin1_General_100_BIN2 NOT NULL, 
    resource_id NVARCHAR(1024) COLLATE Latin1_General_100_BIN2 NOT NULL, 
    resource_name NVARCHAR(260) COLLATE Latin1_General_100_BIN2 NOT NULL, 
    resource_type NVARCHAR(200) COLLATE Latin1_General_100_BIN2 NOT NULL, 
    sub_account_id VARCHAR(36) COLLATE Latin1_General_100_BIN2 NOT NULL, 
    resource_group NVARCHAR(90) COLLATE Latin1_General_100_BIN2 NULL, 
    first_scan_id VARCHAR(36) COLLATE Latin1_General_100_BIN2 NOT NULL, 
    first_reported_at DATETIME2(6) NOT NULL, 
    scan_id VARCHAR(36) COLLATE Latin1_General_100_BIN2 NOT NULL, 
    observed_at DATETIME2(6) NOT NULL, 
    fate VARCHAR(30) COLLATE Latin1_General_100_BIN2 NOT NULL, 
    fate_since DATETIME2(6) NOT NULL, 
    first_month DATE NOT NULL, 
    open_until DATE NOT NULL, 
    estimated_json NVARCHAR(max) COLLATE Latin1_General_100_BIN2 NOT NULL, 
    last_estimated_json NVARCHAR(max) COLLATE Latin1_General_100_BIN2 NOT NULL, 
    returned_at DATETIME2(6) NULL, 
    moved_from NVARCHAR(1024) COLLATE Latin1_General_100_BIN2 NULL, 
    months_json NVARCHAR(max) COLLATE Latin1_General_100_BIN2 NOT NULL, 
    realized_json NVARCHAR(max) COLLATE Latin1_General_100_BIN2 NOT NULL, 
    billed_since_json NVARCHAR(max) COLLATE Latin1_General_100_BIN2 NOT NULL, 
    CONSTRAINT pk_finding_ledger PRIMARY KEY (ledger_id), 
    CONSTRAINT uq_finding_ledger_tenant_id_finding_key_resource_key UNIQUE (tenant_id, finding_key, resource_key)
);

GO

ALTER SECURITY POLICY dbo.own_rows
ADD FILTER PREDICATE dbo.is_own_row(tenant_id) ON dbo.finding_ledger,
ADD BLOCK PREDICATE dbo.is_own_row(tenant_id) ON dbo.finding_ledger AFTER INSERT,
ADD BLOCK PREDICATE dbo.is_own_row(tenant_id) ON dbo.finding_ledger AFTER UPDATE,
ADD BLOCK PREDICATE dbo.is_own_row(tenant_id) ON dbo.finding_ledger BEFORE UPDATE,
ADD BLOCK PREDICATE dbo.is_own_row(tenant_id) ON dbo.finding_ledger BEFORE DELETE;

GO

UPDATE dbo.alembic_version SET version_num='0012' WHERE alembic_version.version_num = '0011';

GO

-- Running upgrade 0012 -> 0013

ALTER TABLE dbo.scans ADD review_published_at DATETIME2(6) NULL;

GO

ALTER TABLE dbo.scans ADD subscriptions INTEGER NULL;

GO

ALTER TABLE dbo.scans ADD subscriptions_in_full INTEGER NULL;

GO

ALTER TABLE dbo.scans ADD spend_json VARCHAR(max) COLLATE Latin1_General_100_BIN2 NULL;

GO

ALTER TABLE dbo.scans ADD CONSTRAINT ck_scans_spend_json_is_json CHECK (ISJSON(spend_json) = 1);

GO

UPDATE dbo.scans SET review_published_at = (
    SELECT reviews.published_at FROM reviews
    WHERE reviews.tenant_id = scans.tenant_id AND reviews.scan_id = scans.scan_id
);

GO

UPDATE dbo.scans SET
    subscriptions = (
        SELECT count(DISTINCT steps.subscription_id) FROM steps
        WHERE steps.tenant_id = scans.tenant_id AND steps.scan_id = scans.scan_id
    ),
    subscriptions_in_full = (
        SELECT count(DISTINCT steps.subscription_id) FROM steps
        WHERE steps.tenant_id = scans.tenant_id AND steps.scan_id = scans.scan_id
        AND NOT EXISTS (
            SELECT 1 FROM steps AS other
            WHERE other.tenant_id = steps.tenant_id AND other.scan_id = steps.scan_id
            AND other.subscription_id = steps.subscription_id
            AND (other.status <> 'succeeded' OR other.unread_json IS NOT NULL OR other.rows_set_aside <> 0)
        )
    )
WHERE finished_at IS NOT NULL;

GO

UPDATE dbo.scans SET spend_json = COALESCE((
    SELECT '[' + STRING_AGG('["' + each.billing_currency + '", "' + CONVERT(varchar(60), each.billed_cost) + '"]', ', ')
        WITHIN GROUP (ORDER BY each.billing_currency) + ']'
    FROM (
        SELECT totals.billing_currency, SUM(totals.billed_cost) AS billed_cost FROM cost_totals AS totals
        WHERE totals.tenant_id = scans.tenant_id AND totals.scan_id = scans.scan_id AND totals.dimension = 'service'
        GROUP BY totals.billing_currency
    ) AS each
), '[]')
WHERE finished_at IS NOT NULL;

GO

CREATE INDEX ix_scans_to_review ON dbo.scans (finished_at, scan_id) WHERE status IN ('collected', 'partial') AND review_published_at IS NULL;

GO

CREATE INDEX ix_scans_published ON dbo.scans (review_published_at, scan_id) WHERE review_published_at IS NOT NULL;

GO

CREATE INDEX ix_scans_requested_at ON dbo.scans (requested_at, scan_id);

GO

ALTER TABLE dbo.connections ADD username_lower AS (lower(username));

GO

ALTER TABLE dbo.connections ADD username_domain AS (lower(substring(username, charindex('@', username) + 1, 320)));

GO

ALTER TABLE dbo.audit_events ADD actor_name_lower AS (lower(actor_name));

GO

ALTER TABLE dbo.audit_events ADD actor_name_domain AS (lower(substring(actor_name, charindex('@', actor_name) + 1, 320)));

GO

CREATE INDEX ix_connections_username_lower ON dbo.connections (username_lower, tenant_id);

GO

CREATE INDEX ix_connections_username_domain ON dbo.connections (username_domain, tenant_id);

GO

CREATE INDEX ix_audit_events_actor_name_lower ON dbo.audit_events (actor_kind, actor_name_lower, tenant_id);

GO

CREATE INDEX ix_audit_events_actor_name_domain ON dbo.audit_events (actor_kind, actor_name_domain, tenant_id);

GO

UPDATE dbo.alembic_version SET version_num='0013' WHERE alembic_version.version_num = '0012';

GO

-- Running upgrade 0013 -> 0014

CREATE TABLE dbo.amortized_costs (
    row_id BIGINT NOT NULL, 
    tenant_id VARCHAR(36) COLLATE Latin1_General_100_BIN2 NOT NULL, 
    scan_id VARCHAR(36) COLLATE Latin1_General_100_BIN2 NOT NULL, 
    sub_account_id VARCHAR(36) COLLATE Latin1_General_100_BIN2 NOT NULL, 
    charge_period_start DATE NOT NULL, 
    effective_cost NUMERIC(38, 24) NOT NULL, 
    billing_currency VARCHAR(3) COLLATE Latin1_General_100_BIN2 NOT NULL, 
    resource_id NVARCHAR(1024) COLLATE Latin1_General_100_BIN2 NULL, 
    resource_group NVARCHAR(90) COLLATE Latin1_General_100_BIN2 NULL, 
    region_id NVARCHAR(90) COLLATE Latin1_General_100_BIN2 NULL, 
    service_name NVARCHAR(200) COLLATE Latin1_General_100_BIN2 NOT NULL, 
    meter_subcategory NVARCHAR(200) COLLATE Latin1_General_100_BIN2 NULL, 
    meter_name NVARCHAR(200) COLLATE Latin1_General_100_BIN2 NULL, 
    charge_type NVARCHAR(60) COLLATE Latin1_General_100_BIN2 NULL, 
    charge_category VARCHAR(20) COLLATE Latin1_General_100_BIN2 NULL, 
    charge_frequency VARCHAR(20) COLLATE Latin1_General_100_BIN2 NULL, 
    pricing_category VARCHAR(20) COLLATE Latin1_General_100_BIN2 NULL, 
    commitment_discount_type VARCHAR(20) COLLATE Latin1_General_100_BIN2 NULL, 
    publisher NVARCHAR(200) COLLATE Latin1_General_100_BIN2 NULL, 
    consumed_quantity NUMERIC(38, 24) NULL, 
    CONSTRAINT pk_amortized_costs PRIMARY KEY (row_id)
);

GO

ALTER SECURITY POLICY dbo.own_rows
ADD FILTER PREDICATE dbo.is_own_row(tenant_id) ON dbo.amortized_costs,
ADD BLOCK PREDICATE dbo.is_own_row(tenant_id) ON dbo.amortized_costs AFTER INSERT,
ADD BLOCK PREDICATE dbo.is_own_row(tenant_id) ON dbo.amortized_costs AFTER UPDATE,
ADD BLOCK PREDICATE dbo.is_own_row(tenant_id) ON dbo.amortized_costs BEFORE UPDATE,
ADD BLOCK PREDICATE dbo.is_own_row(tenant_id) ON dbo.amortized_costs BEFORE DELETE;

GO

ALTER TABLE dbo.amortized_costs REBUILD WITH (DATA_COMPRESSION = PAGE);

GO

UPDATE dbo.alembic_version SET version_num='0014' WHERE alembic_version.version_num = '0013';

GO

-- Running upgrade 0014 -> 0015

ALTER TABLE dbo.finding_states ADD previous_json NVARCHAR(max) COLLATE Latin1_General_100_BIN2 NULL;

GO

UPDATE dbo.alembic_version SET version_num='0015' WHERE alembic_version.version_num = '0014';

GO

-- Running upgrade 0015 -> 0016

ALTER TABLE dbo.findings ADD carried_text NVARCHAR(max) COLLATE Latin1_General_100_BIN2 NULL;

GO

UPDATE dbo.alembic_version SET version_num='0016' WHERE alembic_version.version_num = '0015';

GO

-- Running upgrade 0016 -> 0017

CREATE TABLE dbo.charge_totals (
    total_id BIGINT NOT NULL IDENTITY, 
    tenant_id VARCHAR(36) COLLATE Latin1_General_100_BIN2 NOT NULL, 
    scan_id VARCHAR(36) COLLATE Latin1_General_100_BIN2 NOT NULL, 
    cost_view VARCHAR(10) COLLATE Latin1_General_100_BIN2 NOT NULL, 
    billing_currency VARCHAR(3) COLLATE Latin1_General_100_BIN2 NOT NULL, 
    charge_period_start DATE NOT NULL, 
    service_name NVARCHAR(200) COLLATE Latin1_General_100_BIN2 NOT NULL, 
    charge_type NVARCHAR(60) COLLATE Latin1_General_100_BIN2 NULL, 
    pricing_category VARCHAR(20) COLLATE Latin1_General_100_BIN2 NULL, 
    commitment_discount_type VARCHAR(20) COLLATE Latin1_General_100_BIN2 NULL, 
    publisher NVARCHAR(200) COLLATE Latin1_General_100_BIN2 NULL, 
    cost NUMERIC(38, 24) NOT NULL, 
    CONSTRAINT pk_charge_totals PRIMARY KEY (total_id)
);

GO

CREATE INDEX ix_charge_totals_tenant_id_scan_id ON dbo.charge_totals (tenant_id, scan_id);

GO

ALTER SECURITY POLICY dbo.own_rows
ADD FILTER PREDICATE dbo.is_own_row(tenant_id) ON dbo.charge_totals,
ADD BLOCK PREDICATE dbo.is_own_row(tenant_id) ON dbo.charge_totals AFTER INSERT,
ADD BLOCK PREDICATE dbo.is_own_row(tenant_id) ON dbo.charge_totals AFTER UPDATE,
ADD BLOCK PREDICATE dbo.is_own_row(tenant_id) ON dbo.charge_totals BEFORE UPDATE,
ADD BLOCK PREDICATE dbo.is_own_row(tenant_id) ON dbo.charge_totals BEFORE DELETE;

GO

UPDATE dbo.alembic_version SET version_num='0017' WHERE alembic_version.version_num = '0016';

GO

-- Running upgrade 0017 -> 0018

ALTER SECURITY POLICY dbo.own_rows
DROP FILTER PREDICATE ON dbo.costs,
DROP BLOCK PREDICATE ON dbo.costs AFTER INSERT,
DROP BLOCK PREDICATE ON dbo.costs AFTER UPDATE,
DROP BLOCK PREDICATE ON dbo.costs BEFORE UPDATE,
DROP BLOCK PREDICATE ON dbo.costs BEFORE DELETE,
DROP FILTER PREDICATE ON dbo.amortized_costs,
DROP BLOCK PREDICATE ON dbo.amortized_costs AFTER INSERT,
DROP BLOCK PREDICATE ON dbo.amortized_costs AFTER UPDATE,
DROP BLOCK PREDICATE ON dbo.amortized_costs BEFORE UPDATE,
DROP BLOCK PREDICATE ON dbo.amortized_costs BEFORE DELETE;

GO

EXEC sp_rename N'dbo.pk_costs', N'pk_costs_wide', N'OBJECT';

GO

EXEC sp_rename 'costs', costs_wide;

GO

EXEC sp_rename N'dbo.pk_amortized_costs', N'pk_amortized_costs_wide', N'OBJECT';

GO

EXEC sp_rename 'amortized_costs', amortized_costs_wide;

GO

CREATE TABLE dbo.costs (
    row_id BIGINT NOT NULL, 
    tenant_hash BIGINT NOT NULL, 
    charge_period_start INTEGER NOT NULL, 
    billed_cost NUMERIC(38, 24) NOT NULL, 
    resource_number INTEGER NOT NULL, 
    charge_number INTEGER NOT NULL, 
    consumed_quantity NUMERIC(38, 24) NULL, 
    CONSTRAINT pk_costs PRIMARY KEY (row_id)
);

GO

CREATE TABLE dbo.amortized_costs (
    row_id BIGINT NOT NULL, 
    tenant_hash BIGINT NOT NULL, 
    charge_period_start INTEGER NOT NULL, 
    effective_cost NUMERIC(38, 24) NOT NULL, 
    resource_number INTEGER NOT NULL, 
    charge_number INTEGER NOT NULL, 
    consumed_quantity NUMERIC(38, 24) NULL, 
    CONSTRAINT pk_amortized_costs PRIMARY KEY (row_id)
);

GO

CREATE TABLE dbo.cost_resources (
    row_id BIGINT NOT NULL, 
    tenant_hash BIGINT NOT NULL, 
    scan_id VARCHAR(36) COLLATE Latin1_General_100_BIN2 NOT NULL, 
    sub_account_id VARCHAR(36) COLLATE Latin1_General_100_BIN2 NOT NULL, 
    resource_id NVARCHAR(1024) COLLATE Latin1_General_100_BIN2 NULL, 
    resource_group NVARCHAR(90) COLLATE Latin1_General_100_BIN2 NULL, 
    region_id NVARCHAR(90) COLLATE Latin1_General_100_BIN2 NULL, 
    CONSTRAINT pk_cost_resources PRIMARY KEY (row_id)
);

GO

CREATE TABLE dbo.cost_charges (
    row_id BIGINT NOT NULL, 
    tenant_hash BIGINT NOT NULL, 
    scan_id VARCHAR(36) COLLATE Latin1_General_100_BIN2 NOT NULL, 
    billing_currency VARCHAR(3) COLLATE Latin1_General_100_BIN2 NOT NULL, 
    service_name NVARCHAR(200) COLLATE Latin1_General_100_BIN2 NOT NULL, 
    meter_subcategory NVARCHAR(200) COLLATE Latin1_General_100_BIN2 NULL, 
    meter_name NVARCHAR(200) COLLATE Latin1_General_100_BIN2 NULL, 
    charge_type NVARCHAR(60) COLLATE Latin1_General_100_BIN2 NULL, 
    charge_category VARCHAR(20) COLLATE Latin1_General_100_BIN2 NULL, 
    charge_frequency VARCHAR(20) COLLATE Latin1_General_100_BIN2 NULL, 
    pricing_category VARCHAR(20) COLLATE Latin1_General_100_BIN2 NULL, 
    commitment_discount_type VARCHAR(20) COLLATE Latin1_General_100_BIN2 NULL, 
    publisher NVARCHAR(200) COLLATE Latin1_General_100_BIN2 NULL, 
    CONSTRAINT pk_cost_charges PRIMARY KEY (row_id)
);

GO

INSERT INTO dbo.cost_resources (row_id, tenant_hash, scan_id, sub_account_id, resource_id, resource_group, region_id) SELECT MIN(row_id), CAST(SUBSTRING(HASHBYTES('SHA2_256', tenant_id), 1, 8) AS bigint), scan_id, sub_account_id, resource_id, resource_group, region_id FROM costs_wide GROUP BY row_id / 10000000000, tenant_id, scan_id, sub_account_id, resource_id, resource_group, region_id;

GO

INSERT INTO dbo.cost_charges (row_id, tenant_hash, scan_id, billing_currency, service_name, meter_subcategory, meter_name, charge_type, charge_category, charge_frequency, pricing_category, commitment_discount_type, publisher) SELECT MIN(row_id), CAST(SUBSTRING(HASHBYTES('SHA2_256', tenant_id), 1, 8) AS bigint), scan_id, billing_currency, service_name, meter_subcategory, meter_name, charge_type, charge_category, charge_frequency, pricing_category, commitment_discount_type, publisher FROM costs_wide GROUP BY row_id / 10000000000, tenant_id, scan_id, billing_currency, service_name, meter_subcategory, meter_name, charge_type, charge_category, charge_frequency, pricing_category, commitment_discount_type, publisher;

GO

INSERT INTO dbo.costs (row_id, tenant_hash, charge_period_start, billed_cost, resource_number, charge_number, consumed_quantity) SELECT row_id, CAST(SUBSTRING(HASHBYTES('SHA2_256', tenant_id), 1, 8) AS bigint), YEAR(charge_period_start) * 100 + MONTH(charge_period_start), billed_cost, MIN(row_id) OVER (PARTITION BY row_id / 10000000000, tenant_id, scan_id, sub_account_id, resource_id, resource_group, region_id) % 10000000000, MIN(row_id) OVER (PARTITION BY row_id / 10000000000, tenant_id, scan_id, billing_currency, service_name, meter_subcategory, meter_name, charge_type, charge_category, charge_frequency, pricing_category, commitment_discount_type, publisher) % 10000000000, consumed_quantity FROM costs_wide;

GO

DROP TABLE dbo.costs_wide;

GO

INSERT INTO dbo.cost_resources (row_id, tenant_hash, scan_id, sub_account_id, resource_id, resource_group, region_id) SELECT MIN(row_id), CAST(SUBSTRING(HASHBYTES('SHA2_256', tenant_id), 1, 8) AS bigint), scan_id, sub_account_id, resource_id, resource_group, region_id FROM amortized_costs_wide GROUP BY row_id / 10000000000, tenant_id, scan_id, sub_account_id, resource_id, resource_group, region_id;

GO

INSERT INTO dbo.cost_charges (row_id, tenant_hash, scan_id, billing_currency, service_name, meter_subcategory, meter_name, charge_type, charge_category, charge_frequency, pricing_category, commitment_discount_type, publisher) SELECT MIN(row_id), CAST(SUBSTRING(HASHBYTES('SHA2_256', tenant_id), 1, 8) AS bigint), scan_id, billing_currency, service_name, meter_subcategory, meter_name, charge_type, charge_category, charge_frequency, pricing_category, commitment_discount_type, publisher FROM amortized_costs_wide GROUP BY row_id / 10000000000, tenant_id, scan_id, billing_currency, service_name, meter_subcategory, meter_name, charge_type, charge_category, charge_frequency, pricing_category, commitment_discount_type, publisher;

GO

INSERT INTO dbo.amortized_costs (row_id, tenant_hash, charge_period_start, effective_cost, resource_number, charge_number, consumed_quantity) SELECT row_id, CAST(SUBSTRING(HASHBYTES('SHA2_256', tenant_id), 1, 8) AS bigint), YEAR(charge_period_start) * 100 + MONTH(charge_period_start), effective_cost, MIN(row_id) OVER (PARTITION BY row_id / 10000000000, tenant_id, scan_id, sub_account_id, resource_id, resource_group, region_id) % 10000000000, MIN(row_id) OVER (PARTITION BY row_id / 10000000000, tenant_id, scan_id, billing_currency, service_name, meter_subcategory, meter_name, charge_type, charge_category, charge_frequency, pricing_category, commitment_discount_type, publisher) % 10000000000, consumed_quantity FROM amortized_costs_wide;

GO

DROP TABLE dbo.amortized_costs_wide;

GO

CREATE FUNCTION dbo.is_own_hash (@tenant_hash bigint) RETURNS TABLE WITH SCHEMABINDING AS
RETURN SELECT 1 AS is_own
WHERE @tenant_hash = CAST(SUBSTRING(HASHBYTES('SHA2_256', CAST(SESSION_CONTEXT(N'tenant_id') AS varchar(36))), 1, 8)
                          AS bigint)
   OR CAST(SESSION_CONTEXT(N'is_system') AS varchar(3)) = 'yes';

GO

ALTER SECURITY POLICY dbo.own_rows
ADD FILTER PREDICATE dbo.is_own_hash(tenant_hash) ON dbo.costs,
ADD BLOCK PREDICATE dbo.is_own_hash(tenant_hash) ON dbo.costs AFTER INSERT,
ADD BLOCK PREDICATE dbo.is_own_hash(tenant_hash) ON dbo.costs AFTER UPDATE,
ADD BLOCK PREDICATE dbo.is_own_hash(tenant_hash) ON dbo.costs BEFORE UPDATE,
ADD BLOCK PREDICATE dbo.is_own_hash(tenant_hash) ON dbo.costs BEFORE DELETE,
ADD FILTER PREDICATE dbo.is_own_hash(tenant_hash) ON dbo.amortized_costs,
ADD BLOCK PREDICATE dbo.is_own_hash(tenant_hash) ON dbo.amortized_costs AFTER INSERT,
ADD BLOCK PREDICATE dbo.is_own_hash(tenant_hash) ON dbo.amortized_costs AFTER UPDATE,
ADD BLOCK PREDICATE dbo.is_own_hash(tenant_hash) ON dbo.amortized_costs BEFORE UPDATE,
ADD BLOCK PREDICATE dbo.is_own_hash(tenant_hash) ON dbo.amortized_costs BEFORE DELETE,
ADD FILTER PREDICATE dbo.is_own_hash(tenant_hash) ON dbo.cost_resources,
ADD BLOCK PREDICATE dbo.is_own_hash(tenant_hash) ON dbo.cost_resources AFTER INSERT,
ADD BLOCK PREDICATE dbo.is_own_hash(tenant_hash) ON dbo.cost_resources AFTER UPDATE,
ADD BLOCK PREDICATE dbo.is_own_hash(tenant_hash) ON dbo.cost_resources BEFORE UPDATE,
ADD BLOCK PREDICATE dbo.is_own_hash(tenant_hash) ON dbo.cost_resources BEFORE DELETE,
ADD FILTER PREDICATE dbo.is_own_hash(tenant_hash) ON dbo.cost_charges,
ADD BLOCK PREDICATE dbo.is_own_hash(tenant_hash) ON dbo.cost_charges AFTER INSERT,
ADD BLOCK PREDICATE dbo.is_own_hash(tenant_hash) ON dbo.cost_charges AFTER UPDATE,
ADD BLOCK PREDICATE dbo.is_own_hash(tenant_hash) ON dbo.cost_charges BEFORE UPDATE,
ADD BLOCK PREDICATE dbo.is_own_hash(tenant_hash) ON dbo.cost_charges BEFORE DELETE;

GO

ALTER TABLE dbo.costs REBUILD WITH (DATA_COMPRESSION = PAGE);

GO

ALTER TABLE dbo.amortized_costs REBUILD WITH (DATA_COMPRESSION = PAGE);

GO

ALTER TABLE dbo.cost_resources REBUILD WITH (DATA_COMPRESSION = PAGE);

GO

ALTER TABLE dbo.cost_charges REBUILD WITH (DATA_COMPRESSION = PAGE);

GO

UPDATE dbo.alembic_version SET version_num='0018' WHERE alembic_version.version_num = '0017';

GO

-- Running upgrade 0018 -> 0019

ALTER TABLE dbo.cost_totals ADD tag_name NVARCHAR(512) COLLATE Latin1_General_100_BIN2 NULL;

GO

ALTER TABLE dbo.cost_totals ADD line_items INTEGER NOT NULL CONSTRAINT df_cost_totals_line_items DEFAULT '0';

GO

ALTER TABLE dbo.cost_totals ADD value_count INTEGER NOT NULL CONSTRAINT df_cost_totals_value_count DEFAULT '1';

GO

UPDATE dbo.alembic_version SET version_num='0019' WHERE alembic_version.version_num = '0018';

GO

COMMIT;

GO

