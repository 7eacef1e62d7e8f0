// A budget of our own spend, deployed only where it is asked for.

import { monthlyBudget } from 'types.bicep'

@description('Required. Name of the budget.')
param name string

@description('Required. Amount and first month.')
param budget monthlyBudget

@description('Required. Address notified when the budget is nearly spent.')
param contactEmail string

// Azure refuses a budget in a subscription younger than 48 hours, a first month in the past, and a change of the first month.
resource spend 'Microsoft.Consumption/budgets@2023-11-01' = {
  name: name
  properties: {
    category: 'Cost'
    amount: budget.amount
    timeGrain: 'Monthly'
    timePeriod: { startDate: budget.startDate }
    notifications: {
      actual80: { enabled: true, operator: 'GreaterThan', threshold: 80, contactEmails: [contactEmail] }
      forecast100: {
        enabled: true
        operator: 'GreaterThan'
        threshold: 100
        thresholdType: 'Forecasted'
        contactEmails: [contactEmail]
      }
    }
  }
}
