"""Relocation: sites, houses with their stages, and the housing subsidy that falls due."""
