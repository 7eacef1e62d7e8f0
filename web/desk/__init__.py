"""The review desk, for operators. It sees every tenant's scans."""
