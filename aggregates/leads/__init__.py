"""Leads: who may become a customer or a deal, who follows it up, and what becomes of it."""
