"""The least that FastAPI can do: a validated body, nothing done with it, a small answer."""

import sys

import uvicorn
from fastapi import FastAPI

from commands.inventory.stock import IssueStock

app = FastAPI()


@app.get("/livez")
async def livez() -> dict[str, str]:
    return {"status": "alive"}


@app.post("/commands/issue-stock")
async def issue_stock(command: IssueStock) -> dict[str, str]:
    return {"stream": command.stream}


if __name__ == "__main__":
    uvicorn.run(
        app,
        port=int(sys.argv[1]),
        access_log=False,
        log_config=None,
        server_header=False,
        timeout_keep_alive=30,
        backlog=2_048,
    )
