"""It grows past one machine: more readers, more logs, more brokers, and figures stay exact."""
