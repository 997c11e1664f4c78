"""Who may see what: the rights of an account, as lists, figures and streams ask for them."""
