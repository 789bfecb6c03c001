"""What every feature stands on: settings, database, files, clock, errors, crypto, audit. Knows no feature."""
