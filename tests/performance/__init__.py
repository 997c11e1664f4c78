"""Every figure stands beside one that a plain program reaches with the same work."""

import os

os.environ["DISTRIBUTARY_REFERENCES"] = "open"  # its trade registers nothing beforehand
