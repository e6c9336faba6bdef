"""The local cloud: what a deployment of the topology consists of, served by one process on this machine."""
