"""The real processes under one seed: killed, frozen, cut off, their disks full; then judged."""
