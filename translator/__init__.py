"""The compiler from workflow definitions to AWS Step Functions state machines."""
