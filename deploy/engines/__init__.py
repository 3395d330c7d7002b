"""A real Apache Kafka and a real PostgreSQL on this machine, without a container engine (decision 0010)."""
