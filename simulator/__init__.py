"""A simulated Azure: Entra, Resource Manager and Graph over real HTTP, generated from a seed.

It listens on 127.0.0.1 only, and is meant to be as unforgiving as what it stands for:
it refuses what Azure refuses, in Azure's words, and counts quotas as Azure does.
"""
