"""How soon the service answers /readyz, beside a bare FastAPI + SQLAlchemy app, each in a process of its own."""

from __future__ import annotations

import os
import socket
import statistics
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

from measuring import home, process, show

BARE = """
from contextlib import asynccontextmanager
from fastapi import FastAPI
from pydantic_settings import BaseSettings
from sqlalchemy import create_engine, text
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

class Base(DeclarativeBase): ...
class Row(Base):
    __tablename__ = "row"
    id: Mapped[int] = mapped_column(primary_key=True)

@asynccontextmanager
async def lifespan(app):
    app.state.engine = create_engine("sqlite://")
    yield

def create_app():
    app = FastAPI(lifespan=lifespan)
    @app.get("/readyz")
    def readyz() -> dict[str, int]:
        with Session(app.state.engine) as session:
            return {"one": session.execute(text("select 1")).scalar_one()}
    return app
"""
RUNS = 5


def main() -> None:
    with home() as folder:
        place = {"CHANGXIAO_HOME": str(folder)}
        process(["pipelines.cli", "db", "upgrade"], **place)
        (folder / "bare_app.py").write_text(BARE)
        ours, bare = [], []
        for _ in range(RUNS):
            bare.append(_ready_s("bare_app:create_app", folder, place))
            ours.append(_ready_s("api.app:create_app", folder, place))
    show(
        [
            ("ours, to the first /readyz", f"{statistics.median(ours):.2f} s", "about 3 s"),
            ("bare FastAPI + SQLAlchemy", f"{statistics.median(bare):.2f} s", ""),
            (
                "ratio, median of pairs",
                f"{statistics.median(o / b for o, b in zip(ours, bare, strict=True)):.2f}",
                "at most 1.5",
            ),
        ]
    )


def _ready_s(app: str, folder: Path, place: dict[str, str]) -> float:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "uvicorn", "--factory", app, "--port", str(port), "--app-dir", str(folder)]
    start = time.perf_counter()
    server = subprocess.Popen(
        command,
        env=os.environ | place,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd=Path(__file__).parents[1],
    )
    try:
        while time.perf_counter() - start < 60:
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=5):
                    return time.perf_counter() - start
            except (urllib.error.URLError, ConnectionError):
                time.sleep(0.02)
        raise TimeoutError(f"{app} did not answer within a minute")
    finally:
        server.terminate()
        server.wait()


if __name__ == "__main__":
    main()
