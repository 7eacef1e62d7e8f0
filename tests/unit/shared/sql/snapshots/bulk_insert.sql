-- insert_columns

INSERT INTO costs (row_id, tenant_id, scan_id, sub_account_id, charge_period_start, billed_cost, billing_currency, resource_group, service_name, meter_name) VALUES (@p1, @p2, @p3, @p4, @p5, @p6, @p7, @p8, @p9, @p10)
