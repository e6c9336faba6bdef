"""The CDK stacks: the topology as CloudFormation resources."""
