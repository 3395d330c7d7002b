"""The house rules that no ready-made linter knows; each has a reason, an escape comment and a test that plants it."""
