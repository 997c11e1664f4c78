"""The real processes under one seed: killed, frozen, cut off, their disks full; then judged."""

import os

os.environ["DISTRIBUTARY_REFERENCES"] = "open"  # its trade registers nothing beforehand
