"""The dashboard and the alert rules, as they are handed out."""

import json

import yaml
from docs.pages import ROOT

ALERTS = ROOT / "docs/grafana/alerts.yaml"
PANELS = json.loads((ROOT / "docs/grafana/distributary.json").read_text("utf-8"))["panels"]
RULES = [
    rule for group in yaml.safe_load(ALERTS.read_text("utf-8"))["groups"] for rule in group["rules"]
]
