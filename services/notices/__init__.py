"""People are told of events: in an inbox, by mail and by webhooks."""
