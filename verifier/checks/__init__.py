"""The numbered checks, one module a number; docs/record-format.md says what each one holds."""
