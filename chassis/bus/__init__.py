"""The bus behind one small port: the PostgreSQL log (embedded) and Kafka (distributed)."""
