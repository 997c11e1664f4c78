"""Files that hang on things: photos, contracts, certificates."""
