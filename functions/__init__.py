"""The Lambda functions, one folder each: a thin handler and small modules beside it."""
