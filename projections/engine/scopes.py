"""By which columns a scope reaches the rows of what somebody answers for."""

from collections.abc import Mapping

PLACE = {"department": "department", "region": "region"}
BY_OWNER: Mapping[str, str] = {**PLACE, "owner": "owner"}
BY_REP: Mapping[str, str] = {**PLACE, "owner": "rep"}
OF_CUSTOMER: Mapping[str, str] = {**BY_REP, "dealer": "customer"}
"""Of business with a customer, who sees it himself where he is a dealer."""
