"""Azure's own names: Resource Manager's application and permission, the sign-in scopes."""

ARM_RESOURCES = ("https://management.azure.com", "https://management.core.windows.net")
ARM_APPLICATION_ID = "797f4846-ba00-4fd7-ba43-dac1f8f63013"
DELEGATED_PERMISSION = "user_impersonation"
SIGN_IN_SCOPES = ("openid", "profile", "offline_access", "email")
