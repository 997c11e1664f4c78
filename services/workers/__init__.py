"""The loops that carry events from the log to Kafka and into the views."""
