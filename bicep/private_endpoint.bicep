// One private endpoint with its DNS zone.

import { tagSet } from 'types.bicep'

@description('Required. Azure region.')
@allowed(['uksouth'])
param location string

@description('Required. Name of the endpoint.')
param name string

@description('Required. The resource to be reached.')
param targetId string

@description('Required. Sub-resource: sqlServer, vault, table or blob.')
@allowed(['sqlServer', 'vault', 'table', 'blob'])
param groupId string

@description('Required. Private DNS zone, such as privatelink.vaultcore.azure.net.')
param zoneName string

@description('Required. Subnet of the endpoint.')
param subnetId string

@description('Required. Network that resolves the name.')
param networkId string

@description('Optional. Tags of every resource.')
param tags tagSet = {}

resource zone 'Microsoft.Network/privateDnsZones@2024-06-01' = {
  name: zoneName
  location: 'global' // a name has no region; it holds no data
  tags: tags
}

resource link 'Microsoft.Network/privateDnsZones/virtualNetworkLinks@2024-06-01' = {
  parent: zone
  name: 'app'
  location: 'global'
  tags: tags
  properties: { registrationEnabled: false, virtualNetwork: { id: networkId } }
}

resource endpoint 'Microsoft.Network/privateEndpoints@2024-05-01' = {
  name: name
  location: location
  tags: tags
  properties: {
    subnet: { id: subnetId }
    privateLinkServiceConnections: [
      { name: groupId, properties: { privateLinkServiceId: targetId, groupIds: [groupId] } }
    ]
  }
}

resource zoneGroup 'Microsoft.Network/privateEndpoints/privateDnsZoneGroups@2024-05-01' = {
  parent: endpoint
  name: 'default'
  properties: { privateDnsZoneConfigs: [{ name: groupId, properties: { privateDnsZoneId: zone.id } }] }
}
