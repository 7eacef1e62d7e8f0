"""A simulated Azure tenant: Entra, Resource Manager and Graph over HTTP, generated from a seed.

It listens on 127.0.0.1 only. It refuses what Azure refuses, with Azure's texts, and counts
quotas as Azure does.
"""
