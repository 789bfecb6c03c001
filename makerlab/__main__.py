"""`python -m makerlab`: the same as the command `makerlab`."""

from makerlab.cli import main

main()
