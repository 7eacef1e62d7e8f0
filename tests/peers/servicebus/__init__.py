"""A peer that Microsoft's azure-servicebus talks to over a socket: the local queue's semantics on Service Bus's wire.

https://learn.microsoft.com/azure/service-bus-messaging/service-bus-amqp-protocol-guide
https://learn.microsoft.com/azure/service-bus-messaging/service-bus-amqp-request-response
"""

from tests.peers.servicebus.broker import SERVER_BUSY, PutToken
from tests.peers.servicebus.credential import Credential
from tests.peers.servicebus.faults import Fault
from tests.peers.servicebus.peer import ServiceBusPeer

__all__ = ["SERVER_BUSY", "Credential", "Fault", "PutToken", "ServiceBusPeer"]
