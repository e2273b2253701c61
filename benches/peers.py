#!/usr/bin/env python3
"""How long envguard takes beside tools that read the same files, in one run: `benches/peers.py --envguard PATH CORPUS`.

CORPUS is a folder that `benches/peers.py --collect CORPUS REPOSITORY…` fills from clones (also bare ones): `env`, `compose`
and `workflows` hold one kind of file each, `tree` whole repositories. Tools are looked for on PATH; one that is missing is
named and left out. secretlint wants a `.secretlintrc.json` in `tree`. Whole processes are timed in turn, A B A B, so that a busy machine slows both down; medians count.
"""

import argparse
import os
import pathlib
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

ENV = re.compile(r"(^|/)\.env(\.[\w.-]+)?$|(^|/)[\w-]+\.env$")
COMPOSE = re.compile(r"(^|/)(docker-)?compose([.-][\w.-]+)?\.ya?ml$")
WORKFLOW = re.compile(r"(^|/)\.github/workflows/[^/]+\.ya?ml$")
# Whole trees are taken until there are so many files, and no file above this size: others skip those too.
TREE_FILES, TREE_BYTES = 5000, 1 << 20


def collect(corpus, repositories):
    """One folder for each kind; a file keeps its path below the name of its repository."""
    taken = 0
    for repository in repositories:
        name = pathlib.Path(repository).resolve().parent.name.replace("+", "-")
        for path, content in contents(repository):
            kinds = [kind for kind, known in (("env", ENV), ("compose", COMPOSE), ("workflows", WORKFLOW)) if known.search(path)]
            if taken < TREE_FILES:
                kinds.append("tree")
                taken += 1
            for kind in kinds:
                # A workflow is only one in its folder, and the linters of workflows want one repository.
                below = f".github/workflows/{name}-{path.rsplit('/', 1)[1]}" if kind == "workflows" else f"{name}/{path}"
                to = pathlib.Path(corpus, kind, below)
                to.parent.mkdir(parents=True, exist_ok=True)
                to.write_bytes(content)
    for kind in ("env", "compose", "workflows", "tree"):
        print(kind, len(files(pathlib.Path(corpus, kind))))


def contents(repository):
    """Every regular file of HEAD that is there and not large, with its path."""
    listed = git(repository, b"", "ls-tree", "-r", "-z", "--format=%(objectmode) %(objectname) %(path)", "HEAD")
    rows = [row.split(" ", 2) for row in listed.decode("utf-8", "replace").split("\0") if row.startswith("100")]
    asked = "".join(f"{name}\n" for _, name, _ in rows).encode()
    told = git(repository, asked, "cat-file", "--batch-check=%(objectsize)").decode().split("\n")
    small = [(name, path) for (_, name, path), size in zip(rows, told) if size.isdigit() and int(size) <= TREE_BYTES]
    rest = git(repository, "".join(f"{name}\n" for name, _ in small).encode(), "cat-file", "--batch")
    at = 0
    for _, path in small:
        start = rest.index(b"\n", at) + 1
        size = int(rest[at : start - 1].rsplit(b" ", 1)[1])
        yield path, rest[start : start + size]
        at = start + size + 1


def git(repository, asked, *arguments):
    return subprocess.run(["git", "-C", repository, *arguments], input=asked, capture_output=True, check=True).stdout


def files(folder):
    return sorted(path for path in folder.rglob("*") if path.is_file())


def generated(folder):
    """A tree of 100,000 files of which 250 are configuration."""
    if (folder / "done").exists():
        return folder
    for number in range(50):
        service = folder / f"services/s{number:02}"
        service.mkdir(parents=True, exist_ok=True)
        for env in ("production", "staging", "development"):
            (service / f".env.{env}").write_text(f"LOG_LEVEL=info\nAPI_URL=https://api.{env}.s{number}.example.org\n")
        (service / "docker-compose.yml").write_text(f"services:\n  web:\n    image: registry.example.com/web:1.{number}\n")
        (service / "deploy.yaml").write_text("kind: ConfigMap\napiVersion: v1\nmetadata: {name: web}\ndata: {A: b}\n")
    for number in range(99_750):
        part = folder / f"lib/part{number // 500:03}"
        part.mkdir(parents=True, exist_ok=True)
        (part / f"file{number % 500:03}.bin").write_text(f"{number}\n")
    (folder / "done").touch()
    return folder


def pairs(envguard, corpus, scratch):
    """What is timed: what it is, our command, theirs, where."""
    env, compose = corpus / "env", corpus / "compose"
    check = [envguard, "check", "--no-config", "--format", "short"]
    named = [str(path) for path in files(compose)]
    workflows = [str(path) for path in files(corpus / "workflows")]
    hundred = generated(scratch / "100k")
    yield "path, 100k files, 250 governed", check, ["rg", "--files", "--hidden"], hundred
    yield "`.env` files", check, ["dotenv-linter", "check", "-r", "."], env
    yield "Compose files", check, ["compose-lint", *named], compose
    yield "Compose files", check, ["dclint", "-r", "."], compose
    yield "workflows", check, ["zizmor", "--offline", "--quiet", "."], corpus / "workflows"
    yield "workflows", check, ["actionlint", *workflows], corpus / "workflows"
    yield "whole tree", check, ["secretlint", "**/*"], corpus / "tree"
    yield "whole tree", check, ["gitleaks", "dir", "."], corpus / "tree"
    yield "whole tree", check, ["detect-secrets", "scan", "--all-files", "."], corpus / "tree"


def once(command, folder):
    """Seconds of one run."""
    with open(os.devnull, "w") as nowhere:
        began = time.perf_counter()
        subprocess.run(command, cwd=folder, stdout=nowhere, stderr=nowhere, stdin=subprocess.DEVNULL, check=False)
        return time.perf_counter() - began


def measure(corpus, envguard, rounds, scratch):
    print("| work | files | against | envguard | theirs | ratio |\n|---|---|---|---|---|---|")
    for what, ours, theirs, folder in pairs(envguard, corpus, scratch):
        if not shutil.which(theirs[0]):
            print(f"| {what} | | {theirs[0]}: not here | | | |")
            continue
        # The slow ones are known well enough by fewer runs.
        turns = rounds if once(theirs, folder) < 10 else 2
        once(ours, folder)
        timed = [(once(ours, folder), once(theirs, folder)) for _ in range(turns)]
        mine, other = (statistics.median(run[side] for run in timed) for side in (0, 1))
        print(
            f"| {what} | {len(files(folder))} | {theirs[0]} | {mine * 1000:.0f} ms | {other * 1000:.0f} ms | {mine / other:.2f} |",
            flush=True,
        )


def main():
    asked = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    asked.add_argument("corpus", type=pathlib.Path)
    asked.add_argument("repositories", nargs="*")
    asked.add_argument("--collect", action="store_true")
    asked.add_argument("--envguard", default="target/release/envguard")
    asked.add_argument("--rounds", type=int, default=7)
    asked.add_argument("--scratch", type=pathlib.Path, default=pathlib.Path(tempfile.gettempdir(), "envguard-peers"))
    asked = asked.parse_args()
    if asked.collect:
        collect(asked.corpus, asked.repositories)
    else:
        measure(asked.corpus.resolve(), str(pathlib.Path(asked.envguard).resolve()), asked.rounds, asked.scratch)


if __name__ == "__main__":
    sys.exit(main())
