<<<<<<< HEAD
"""JSONata expressions at compile time: read, checked, rewritten and built."""
=======
"""The expressions of definitions: their syntax, their references and their evaluation."""
>>>>>>> interpreter
