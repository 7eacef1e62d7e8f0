"""The one way to Azure Resource Manager: allow-list, paging, throttling, errors."""
