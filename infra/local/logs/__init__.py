"""Subscriptions of log groups, which moto knows but cannot deliver to functions of ours."""
