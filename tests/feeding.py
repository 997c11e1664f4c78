"""The views of a standalone platform, brought up to its log."""

from pathlib import Path

from infra.settings import Settings
from services import bootstrap
from services.workers.apply import Applier
from services.workers.follow import Follower


def feed(data: Path) -> None:
    platform = bootstrap.platform(Settings(data=data))
    follower = Follower(Applier(platform.store, platform.views, platform.codec))
    follower.start()
    while follower.step():
        pass
    platform.close()
