// The app's way out, and the subnet of the private endpoints: SQL, Key Vault, blobs and tables.
//
// Without a private endpoint, and why:
// - Service Bus: the Standard tier has none. Its public name takes Entra tokens over TLS only, and its messages
//   hold identifiers, never a customer's data.
// - Application Insights and Log Analytics: one would need an Azure Monitor private link scope, which captures the DNS
//   of the whole network. Ingestion takes Entra tokens only, and what is sent holds no customer data.
// - The pages themselves: customers come from the internet.

import { tagSet } from 'types.bicep'

@description('Required. Azure region.')
@allowed(['uksouth'])
param location string

@description('Required. Beginning of every name.')
param prefix string

@description('Optional. Tags of every resource.')
param tags tagSet = {}

var subnetNames = { app: 'app', endpoints: 'endpoints' }

resource securityGroup 'Microsoft.Network/networkSecurityGroups@2024-05-01' = {
  name: '${prefix}-nsg'
  location: location
  tags: tags
  properties: {
    securityRules: [
      {
        name: 'deny-inbound-from-internet'
        properties: {
          access: 'Deny'
          direction: 'Inbound'
          priority: 1000
          protocol: '*'
          sourceAddressPrefix: 'Internet'
          sourcePortRange: '*'
          destinationAddressPrefix: '*'
          destinationPortRange: '*'
        }
      }
    ]
  }
}

resource network 'Microsoft.Network/virtualNetworks@2024-05-01' = {
  name: '${prefix}-vnet'
  location: location
  tags: tags
  properties: {
    addressSpace: { addressPrefixes: ['10.20.0.0/24'] }
    subnets: [
      {
        name: subnetNames.app
        properties: {
          addressPrefix: '10.20.0.0/26'
          networkSecurityGroup: { id: securityGroup.id }
          // Flex Consumption needs this delegation.
          delegations: [{ name: 'flex', properties: { serviceName: 'Microsoft.App/environments' } }]
          // Entra, Resource Manager, Graph and Service Bus are on the internet. A NAT gateway here gives a fixed address.
          defaultOutboundAccess: true
        }
      }
      {
        name: subnetNames.endpoints
        properties: {
          addressPrefix: '10.20.0.64/26'
          networkSecurityGroup: { id: securityGroup.id }
          defaultOutboundAccess: false
          privateEndpointNetworkPolicies: 'Enabled'
        }
      }
    ]
  }
}

output id string = network.id
output appSubnetId string = resourceId('Microsoft.Network/virtualNetworks/subnets', network.name, subnetNames.app)
output endpointSubnetId string = resourceId('Microsoft.Network/virtualNetworks/subnets', network.name, subnetNames.endpoints)
