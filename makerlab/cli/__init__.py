"""The face for operators: `makerlab serve`, `work`, `slice`, `migrate`, `demo` and the rest."""
