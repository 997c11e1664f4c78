"""How a lead was found."""

from typing import Literal

LeadSource = Literal["campaign", "call", "visit", "website", "exhibition", "referral", "other"]
