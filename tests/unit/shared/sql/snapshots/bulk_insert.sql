-- insert_columns

INSERT INTO costs (tenant_id, scan_id, sub_account_id, charge_period_start, billing_currency, resource_group, service_name, row_id, meter_name, billed_cost) VALUES (@p1, @p2, @p3, @p4, @p5, @p6, @p7, @p8, @p9, @p10)
