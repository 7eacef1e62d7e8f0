"""AMQP 1.0 from the broker's side, as far as Azure Service Bus's client library speaks it.

http://docs.oasis-open.org/amqp/core/v1.0/os/amqp-core-overview-v1.0-os.html
"""
