"""Plugins that change how the tests are judged."""
