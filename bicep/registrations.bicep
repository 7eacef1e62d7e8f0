// Two app registrations: what customers consent to, and what our own reviewers sign in to. Neither has a secret.

extension microsoftGraphV1

@description('Required. Address that customers see.')
param baseUrl string

@description('Required. Name that customers see.')
param applicationName string

@description('Required. Text of this deployment alone: a registration\'s unique name counts in the whole tenant.')
param deploymentName string

@description('Optional. Object ids of owners besides the one who deploys: a user who is no owner may not deploy again.')
param owners string[] = []

@description('Required. Principal (object) id of the identity that stands in for a client secret.')
param identityPrincipalId string

// Azure Service Management and its delegated permission user_impersonation.
// https://learn.microsoft.com/troubleshoot/entra/entra-id/governance/verify-first-party-apps-sign-in
var azureServiceManagement = '797f4846-ba00-4fd7-ba43-dac1f8f63013'
var userImpersonation = '41094075-9dad-400e-a0bd-54e686782033'

// Appended: owners that were added elsewhere stay.
var allOwners = { relationships: union([deployer().objectId], owners), relationshipSemantics: 'append' }

// One delegated permission and the sign-in scopes, nothing else: no application permission, no Microsoft Graph.
resource customerApp 'Microsoft.Graph/applications@v1.0' = {
  uniqueName: 'caleta-cost-review-${deploymentName}'
  displayName: applicationName
  owners: allOwners
  signInAudience: 'AzureADMultipleOrgs'
  web: {
    homePageUrl: baseUrl
    redirectUris: ['${baseUrl}/consent/callback', '${baseUrl}/consent/admin/callback', '${baseUrl}/sign-in/callback']
    implicitGrantSettings: { enableAccessTokenIssuance: false, enableIdTokenIssuance: false }
  }
  info: { privacyStatementUrl: '${baseUrl}/permissions' }
  requiredResourceAccess: [
    {
      resourceAppId: azureServiceManagement
      resourceAccess: [{ id: userImpersonation, type: 'Scope' }]
    }
  ]

  // A managed identity instead of a secret: there is nothing to leak or to renew.
  // https://learn.microsoft.com/entra/workload-id/workload-identity-federation-config-app-trust-managed-identity
  resource withoutSecret 'federatedIdentityCredentials@v1.0' = {
    name: '${customerApp.uniqueName}/managed-identity'
    audiences: ['api://AzureADTokenExchange']
    issuer: '${environment().authentication.loginEndpoint}${tenant().tenantId}/v2.0'
    subject: identityPrincipalId
  }
}

// Of our own tenant only. It asks for no permission: it says who the user is and which of these roles they have.
resource deskApp 'Microsoft.Graph/applications@v1.0' = {
  uniqueName: 'caleta-cost-review-desk-${deploymentName}'
  displayName: '${applicationName}, review desk'
  owners: allOwners
  signInAudience: 'AzureADMyOrg'
  web: {
    homePageUrl: '${baseUrl}/desk'
    redirectUris: ['${baseUrl}/desk/callback']
    implicitGrantSettings: { enableAccessTokenIssuance: false, enableIdTokenIssuance: false }
  }
  // When the user last entered credentials: deleting or exporting a customer's data needs a recent sign-in.
  optionalClaims: { idToken: [{ name: 'auth_time', essential: false }] }
  appRoles: [
    {
      id: guid('caleta-cost-review-desk', 'Reviewer')
      value: 'Reviewer'
      displayName: 'Reviewer'
      description: 'Reads scans, asks for more within the review window, writes and publishes findings.'
      allowedMemberTypes: ['User']
      isEnabled: true
    }
    {
      id: guid('caleta-cost-review-desk', 'Admin')
      value: 'Admin'
      displayName: 'Admin'
      description: 'Also deletes and extracts customers\' data on their request.'
      allowedMemberTypes: ['User']
      isEnabled: true
    }
  ]

  resource withoutSecret 'federatedIdentityCredentials@v1.0' = {
    name: '${deskApp.uniqueName}/managed-identity'
    audiences: ['api://AzureADTokenExchange']
    issuer: '${environment().authentication.loginEndpoint}${tenant().tenantId}/v2.0'
    subject: identityPrincipalId
  }
}

// Entra itself refuses a user without a role. It then takes no consent from users either: an administrator consents once
// for the tenant (the deployment prints how). The tag shows the application among the portal's enterprise applications.
resource deskPrincipal 'Microsoft.Graph/servicePrincipals@v1.0' = {
  appId: deskApp.appId
  appRoleAssignmentRequired: true
  tags: ['WindowsAzureActiveDirectoryIntegratedApp']
  owners: allOwners
}

output deskClientId string = deskApp.appId
output deskPrincipalId string = deskPrincipal.id
output customerClientId string = customerApp.appId
