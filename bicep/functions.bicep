// The app on Flex Consumption, which has no deployment slots: a rollback is the deployment of the earlier package
// (docs/runbooks.md).

import { tagSet } from 'types.bicep'

@description('Required. Azure region.')
@allowed(['uksouth'])
param location string

@description('Required. Beginning of every name.')
param prefix string

@sealed()
@description('A user-assigned identity.')
type userAssignedIdentity = {
  resourceId: string
  clientId: string
}

@sealed()
@description('Storage of the host and container of the deployment package.')
type hostStorage = {
  name: string
  deploymentContainerUrl: string
}

@description('Required. The identity the app runs as.')
param identity userAssignedIdentity

@description('Required. Resource id of the identity that takes old entries out of the activity log.')
param purgeIdentityResourceId string

@description('Required. Storage account of the host and container of the package.')
param storage hostStorage

@description('Required. Host name of the Service Bus namespace.')
param serviceBusHostName string

@description('Required. Subnet for outgoing traffic.')
param subnetId string

@description('Required. Address ranges of Cloudflare, the only way to the pages.')
@minLength(1)
param frontDoorRanges string[]

@description('Optional. Further ranges. The app answers its health checks to them and refuses every page, for want of the secret.')
param healthCheckRanges string[] = []

@description('Required. The app\'s own settings, by name.')
param appSettings { *: string }

@description('Optional. Instances at most; the quota of Cost Management, not the number of instances, bounds a scan.')
@minValue(40)
@maxValue(1000)
param maximumInstanceCount int = 40

@description('Optional. Tags of every resource.')
param tags tagSet = {}

// Rules by address alone let in every other customer of Cloudflare: the app checks the secret too (web/http/caller.py).
var frontDoorRules = [
  for (range, index) in frontDoorRanges: {
    name: 'front-door-${index}'
    priority: 100 + index
    action: 'Allow'
    ipAddress: range
  }
]
var healthCheckRules = [
  for (range, index) in healthCheckRanges: {
    name: 'health-check-${index}'
    priority: 300 + index
    action: 'Allow'
    ipAddress: range
  }
]

// What the Functions host reads by itself; the app's own settings are in shared/core/settings.py.
var hostSettings = {
  AzureWebJobsStorage__accountName: storage.name
  AzureWebJobsStorage__credential: 'managedidentity'
  AzureWebJobsStorage__clientId: identity.clientId
  ServiceBus__fullyQualifiedNamespace: serviceBusHostName
  ServiceBus__credential: 'managedidentity'
  ServiceBus__clientId: identity.clientId
  APPLICATIONINSIGHTS_AUTHENTICATION_STRING: 'ClientId=${identity.clientId};Authorization=AAD'
  // The worker leaves logs and traces to the app, which takes secrets out of them before they leave.
  PYTHON_ENABLE_OPENTELEMETRY: 'true'
  // The exporter would report on itself to collectors outside of the United Kingdom.
  APPLICATIONINSIGHTS_STATSBEAT_DISABLED_ALL: 'true'
  APPLICATIONINSIGHTS_CONTROLPLANE_DISABLED: 'true'
  AzureWebJobsDisableHomepage: 'true'
}

resource plan 'Microsoft.Web/serverfarms@2024-04-01' = {
  // checkov:skip=CKV_AZURE_225: two zones would double the always-ready instances; a zone's failure stops pages, loses nothing
  name: '${prefix}-plan'
  location: location
  tags: tags
  kind: 'functionapp'
  sku: { name: 'FC1', tier: 'FlexConsumption' }
  properties: { reserved: true, zoneRedundant: false }
}

resource app 'Microsoft.Web/sites@2024-04-01' = {
  // checkov:skip=CKV_AZURE_222: Cloudflare reaches the app by the internet; all other addresses are refused
  // checkov:skip=CKV_AZURE_17: customers' browsers have no certificates
  // checkov:skip=CKV_AZURE_78: Flex Consumption has no FTP and refuses the setting; its password is off below
  // checkov:skip=CKV_AZURE_212: Flex Consumption counts instances in functionAppConfig; one is always ready
  // checkov:skip=CKV_AZURE_213: Flex Consumption replaces instances by itself and has no health check setting
  name: '${prefix}-app'
  location: location
  tags: tags
  kind: 'functionapp,linux'
  identity: { type: 'UserAssigned', userAssignedIdentities: { '${identity.resourceId}': {}, '${purgeIdentityResourceId}': {} } }
  properties: {
    serverFarmId: plan.id
    httpsOnly: true
    clientCertEnabled: false // customers' browsers have none
    publicNetworkAccess: 'Enabled'
    keyVaultReferenceIdentity: identity.resourceId
    virtualNetworkSubnetId: subnetId
    siteConfig: {
      http20Enabled: true
      minTlsVersion: '1.2'
      remoteDebuggingEnabled: false
      ipSecurityRestrictions: concat(frontDoorRules, healthCheckRules)
      ipSecurityRestrictionsDefaultAction: 'Deny'
      // Deployments come from elsewhere, with an Entra token; passwords are off below.
      scmIpSecurityRestrictionsUseMain: false
      cors: { allowedOrigins: [], supportCredentials: false }
      // Flex Consumption refuses ftpsState here and FUNCTIONS_WORKER_RUNTIME among the settings, to name two:
      // tests/architecture/flex_refusals.py has the list.
      appSettings: [
        for setting in items(union(appSettings, hostSettings)): { name: setting.key, value: string(setting.value) }
      ]
    }
    functionAppConfig: {
      runtime: { name: 'python', version: '3.13' }
      deployment: {
        storage: {
          type: 'blobContainer'
          value: storage.deploymentContainerUrl
          authentication: { type: 'UserAssignedIdentity', userAssignedIdentityResourceId: identity.resourceId }
        }
      }
      scaleAndConcurrency: {
        maximumInstanceCount: maximumInstanceCount
        instanceMemoryMB: 2048
        alwaysReady: [{ name: 'http', instanceCount: 1 }]
        triggers: { http: { perInstanceConcurrency: 16 } }
      }
    }
  }
}

// Two resources and no loop: a name known to the compiler lets it check the properties.
resource noFtpPassword 'Microsoft.Web/sites/basicPublishingCredentialsPolicies@2024-04-01' = {
  parent: app
  name: 'ftp'
  properties: { allow: false }
}

resource noDeploymentPassword 'Microsoft.Web/sites/basicPublishingCredentialsPolicies@2024-04-01' = {
  parent: app
  name: 'scm'
  properties: { allow: false }
}

// The platform's own copy of the logs (category FunctionAppLogs) is not kept: it would pass by the redaction.

output id string = app.id
output name string = app.name
output hostName string = app.properties.defaultHostName
