"""Safety instructions: who may run which machine, and until when."""
