"""What is asked: figures made of events, in folders by context, and the engine below them."""
