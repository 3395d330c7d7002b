"""The one door: it knows who asks, passes requests on to the services, and composes what no single service holds."""
