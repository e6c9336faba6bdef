"""Where Steploom runs: one topology, as an AWS CDK app and as a local cloud."""
