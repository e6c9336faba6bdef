"""The AWS endpoint of the local cloud: its own services, and moto's for the rest."""
