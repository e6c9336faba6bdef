"""JSONata expressions at compile time: read, checked, rewritten and built."""
