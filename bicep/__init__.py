"""What is deployed to Azure; `python -m bicep.generate` writes the part of it that the code knows."""
