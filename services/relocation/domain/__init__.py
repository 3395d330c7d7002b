"""Pure decisions about rules, sites, houses and the housing subsidy."""
