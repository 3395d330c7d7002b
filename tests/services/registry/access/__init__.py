"""Who may do what, where: a recipe for every operation of the registry, and the world in which it is tried."""
