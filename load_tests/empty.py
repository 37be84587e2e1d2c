"""`python -m load_tests.empty PORT`: a FastAPI route that does nothing, served as ours are."""

import sys

import uvicorn
from fastapi import FastAPI

app = FastAPI()


@app.post("/api/projects/{project}/commands")
async def empty(project: str) -> dict[str, str]:
    """Answer at once."""
    return {"project": project}


if __name__ == "__main__":
    uvicorn.run(
        app,
        host="127.0.0.1",
        port=int(sys.argv[1]),
        loop="uvloop",
        http="httptools",
        access_log=False,
        log_config=None,
        server_header=False,
    )
