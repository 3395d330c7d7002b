"""Who asks: passwords, sessions, partner assertions, and the internal token that stands for them inside."""
