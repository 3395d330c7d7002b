"""Small development tools: lints, generators, the environment's set-up. Nothing that is shipped imports them."""
