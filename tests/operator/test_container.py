"""The container, from the recipe in deploy/: built where docker is, else step by step.

The second needs root, and in ``COMPANION_TEST_ROOT`` the folder of a bare Debian 12 (its
Python is the image's); it works in two copies of it, one for each stage. Without either, the
test says that it did not run.
"""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import psutil
import pytest

from tests.operator.bare_root import mounted, run, surroundings
from tests.server import ROOT, free_port

DEBIAN = os.environ.get("COMPANION_TEST_ROOT", "")
RECIPE = ROOT / "deploy/Containerfile"
MB = 1024 * 1024


@dataclass
class Stage:
    """One stage of the recipe, built in a root of its own."""

    root: Path
    folder: str = "/"
    user: str = ""
    variables: dict[str, str] = field(default_factory=dict)
    arguments: dict[str, str] = field(default_factory=dict)
    command: list[str] = field(default_factory=list)
    health: list[str] = field(default_factory=list)


def instructions() -> list[tuple[str, str]]:
    """The recipe's instructions and what follows each, continued lines joined."""
    text = re.sub(r"\\\n\s*", " ", RECIPE.read_text(encoding="utf-8"))
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    return [(line.split(None, 1)[0], line.split(None, 1)[1]) for line in lines]


def test_the_recipe_uses_only_what_a_builder_of_any_make_knows() -> None:
    known = {"FROM", "ARG", "RUN", "WORKDIR", "COPY", "ENV", "USER", "VOLUME", "EXPOSE"}
    assert {name for name, _ in instructions()} <= known | {"HEALTHCHECK", "CMD"}
    bases = {rest.split()[0] for name, rest in instructions() if name == "FROM"}
    assert bases == {"python:3.11-slim-bookworm"}  # both stages have the same Python


@pytest.mark.skipif(
    subprocess.run(["sh", "-c", "docker info >/dev/null 2>&1"]).returncode != 0,
    reason="no builder of containers answers here",
)
@pytest.mark.timeout(3_600)
def test_a_builder_makes_an_image_that_answers() -> None:
    build = ["docker", "build", "--quiet", "--file", str(RECIPE), str(ROOT)]
    image = subprocess.run(build, check=True, capture_output=True, text=True).stdout.strip()
    start = ["docker", "run", "--detach", "--read-only", "--cap-drop", "ALL", "--tmpfs", "/data"]
    start += ["--security-opt", "no-new-privileges", image]
    container = subprocess.run(start, check=True, capture_output=True, text=True).stdout.strip()
    try:
        state = ["docker", "inspect", "--format", "{{.State.Health.Status}}", container]
        until = time.monotonic() + 120
        while subprocess.run(state, capture_output=True, text=True).stdout.strip() != "healthy":
            assert time.monotonic() < until
            time.sleep(1)
    finally:
        subprocess.run(["docker", "rm", "--force", container], check=True)


@pytest.mark.skipif(not DEBIAN, reason="COMPANION_TEST_ROOT names no Debian root")
@pytest.mark.timeout(3_600)
def test_the_recipes_steps_make_a_root_that_answers_and_is_read_only_to_the_service() -> None:
    bare = Path(DEBIAN)
    stages: dict[str, Stage] = {}
    with ExitStack() as stack:
        stage = Stage(bare)
        for name, rest in instructions():
            if name == "FROM":
                title = rest.partition(" AS ")[2] or "last"
                stage = stages[title] = Stage(stack.enter_context(copied(bare, title)))
            else:
                follow(stage, name, rest, stages)
        size = sum(
            file.lstat().st_size
            for file in (stage.root / "opt/companion").rglob("*")
            if file.is_file() and not file.is_symlink()
        )
        print(f"the service's folder: {size / MB:.0f} MB")
        nothing_is_writable(stage)
        answers(stage)


@contextmanager
def copied(bare: Path, title: str) -> Iterator[Path]:
    """A copy of the root with what the base image brings: ``python``, with ``venv``."""
    root = bare.with_name(f"{bare.name}-{title}")
    shutil.rmtree(root, ignore_errors=True)
    subprocess.run(["cp", "--archive", "--one-file-system", str(bare), str(root)], check=True)
    with mounted(root):
        install = "apt-get update && apt-get install -y --no-install-recommends python3-venv"
        done = run(root, "sh", "-c", f"{install} && ln -s /usr/bin/python3 /usr/local/bin/python")
        assert done.returncode == 0, done.stdout[-2_000:]
        yield root


def follow(stage: Stage, name: str, rest: str, stages: dict[str, Stage]) -> None:
    """Do one instruction of the recipe."""
    inside = stage.root / stage.folder.lstrip("/")
    if name == "RUN":
        began = time.monotonic()
        script = f"cd {stage.folder} && {rest}"
        done = run(stage.root, "sh", "-c", script, **stage.variables, **stage.arguments)
        print(f"{time.monotonic() - began:6.1f} s  {rest[:70]}")
        assert done.returncode == 0, f"{rest}\n{done.stdout[-3_000:]}"
    elif name == "ARG":
        stage.arguments |= dict([rest.split("=", 1)])
    elif name == "ENV":
        stage.variables |= dict(word.split("=", 1) for word in shlex.split(rest))
    elif name == "WORKDIR":
        stage.folder = rest
        (stage.root / rest.lstrip("/")).mkdir(parents=True, exist_ok=True)
    elif name == "COPY" and rest.startswith("--from="):
        origin, source, target = rest.removeprefix("--from=").split()
        shutil.copytree(
            stages[origin].root / source.lstrip("/"), stage.root / target.lstrip("/"),
            symlinks=True, dirs_exist_ok=True,
        )  # fmt: skip
    elif name == "COPY":
        *sources, target = rest.split()
        for source in sources:
            copy = inside / (source if target == "./" else target)
            # What the builder is given: what git holds, and no more (.dockerignore).
            listed = ["git", "-C", str(ROOT), "ls-files", "-z", "--", source]
            for file in subprocess.run(listed, check=True, capture_output=True).stdout.split(b"\0"):
                if file:
                    one = copy / Path(file.decode()).relative_to(source)
                    one.parent.mkdir(parents=True, exist_ok=True)
                    shutil.copy2(ROOT / file.decode(), one)
    elif name == "USER":
        stage.user = rest
    elif name == "HEALTHCHECK":
        stage.health = json.loads(rest.removeprefix("CMD "))
    elif name == "CMD":
        stage.command = json.loads(rest)


def nothing_is_writable(stage: Stage) -> None:
    """The service's user may write its data and temporary files, and nothing else."""
    search = "find / -xdev -writable -not -type l -not -path '/tmp*' -not -path '/data*' "
    # What find may not even look into, it says on its other output.
    search += "-not -path '/var/tmp*' -not -path '/run*' -not -path '/var/lock*' 2>/dev/null"
    found = run(stage.root, "sh", "-c", search, user=stage.user)
    assert found.stdout.split() == []


def answers(stage: Stage) -> None:
    """Start it as the builder would, ask it, and see that it is healthy."""
    port = free_port()
    health = [word.replace(":8000", f":{port}") for word in stage.health]
    service = subprocess.Popen(
        ["chroot", "--userspec", stage.user, str(stage.root), "sh", "-c",
         f"cd {stage.folder} && exec {shlex.join(stage.command)}"],
        env=surroundings(stage.variables | {
            "BIND": f"127.0.0.1:{port}", "COMPANION_HOSTS": "companion.example",
            "COMPANION_BEHIND_PROXY": "on",
        }),
        start_new_session=True,
    )  # fmt: skip
    script = f"cd {stage.folder} && {shlex.join(health)}"
    try:
        until = time.monotonic() + 120
        while run(stage.root, "sh", "-c", script, user=stage.user).returncode != 0:
            assert service.poll() is None
            assert time.monotonic() < until
            time.sleep(0.5)
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=60) as ready:
            assert ready.read() == b"ok\n"
        driver = [f"{stage.folder}/.venv/bin/python", "-c", "import psycopg, onnxruntime"]
        assert run(stage.root, *driver, user=stage.user).returncode == 0
    finally:
        for process in (*psutil.Process(service.pid).children(recursive=True), service):
            with suppress(psutil.NoSuchProcess, ProcessLookupError):
                process.kill()
        service.wait(30)
