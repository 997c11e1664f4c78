"""The sales network: what is agreed with dealers, and what they tell of where goods went."""
