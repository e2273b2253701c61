#!/usr/bin/env python3
"""How time and memory grow with a repository: `benches/growth.py --envguard PATH [--svg docs/growth.svg]`.

Repositories are generated as trees of git, so a million files cost no million inodes, and read with `check --rev`. The time
is that of the processor, so that others on the machine do not count; of three runs the least.
"""

import argparse
import math
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

ENVS = ("production", "staging", "development")
POLICY = """id: own-{number}
title: A port of the team
why: It is a rule of this team.
fix: Use another port.
severity: low
tags: [team]
for: var
where: {{ name: PORT_{number} }}
must: {{ length: {{ le: 5 }} }}
message: "{{name}} is longer than a port"
examples:
  - bad: six digits
    files: {{ .env: "PORT_{number}=123456\\n" }}
  - good: four digits
    files: {{ .env: "PORT_{number}=1234\\n" }}
"""


def files(count):
    """Files that nobody governs, beside a hundred that are configuration."""
    yield from services(100)
    for number in range(count):
        yield f"lib/part{number // 500:04}/file{number % 500:03}.bin", "x\n"


def facts(count):
    """Variables, a hundred in a file."""
    for number in range(max(1, count // 300)):
        for env in ENVS:
            lines = (f"SETTING_{line}=value-{env}-{line}" for line in range(100))
            yield f"services/s{number:05}/.env.{env}", "\n".join(lines) + "\n"


def environments(count):
    """Environments of one project, a hundred variables in each."""
    names = [f"stage{number:03}" for number in range(count)]
    yield ".envguard.yml", "environments:\n" + "".join(f"  {name}: {{ deployed: true }}\n" for name in names)
    for name in names:
        lines = (f"SETTING_{line}=value-{name}-{line}" for line in range(100))
        yield f".env.{name}", "\n".join(lines) + "\n"


def policies(count):
    """Policies of the team, over three hundred files."""
    yield ".envguard.yml", "policies:\n  files:\n" + "".join(f"    - team/own-{number}.yml\n" for number in range(count))
    for number in range(count):
        yield f"team/own-{number}.yml", POLICY.format(number=number)
    yield from services(300)


def services(count):
    for number in range(count // len(ENVS)):
        for env in ENVS:
            text = f"LOG_LEVEL=info\nAPI_URL=https://api.{env}.s{number}.example.org\nPORT={8000 + number}\n"
            yield f"services/s{number:05}/.env.{env}", text


KINDS = [
    (files, "files that nobody governs", (1_000, 10_000, 100_000, 1_000_000)),
    (facts, "variables", (1_000, 4_000, 16_000, 64_000, 256_000)),
    (environments, "environments", (2, 4, 8, 16, 32)),
    (policies, "policies of the team", (1, 8, 64, 512)),
]


def committed(folder, contents):
    """A bare repository whose HEAD holds these files."""
    git = ["git", "-C", str(folder)]
    folder.mkdir(parents=True)
    subprocess.run([*git, "init", "-q", "--bare", "-b", "main"], check=True)
    feed = subprocess.Popen([*git, "fast-import", "--quiet"], stdin=subprocess.PIPE)
    write = feed.stdin.write
    write(b"commit refs/heads/main\ncommitter a <a@example.org> 0 +0000\ndata 0\n")
    for path, text in contents:
        body = text.encode()
        write(b"M 100644 inline %s\ndata %d\n%s\n" % (path.encode(), len(body), body))
    feed.stdin.close()
    if feed.wait():
        raise SystemExit("git fast-import failed")


def measured(envguard, folder):
    """Milliseconds of the processor and peak MiB, the least of three runs."""
    command = [envguard, "check", "--rev", "HEAD", "--repo", str(folder), "--format", "short", "--fail-on", "never"]
    best = (math.inf, 0)
    for _ in range(3):
        with open(os.devnull, "w") as nowhere:
            child = subprocess.Popen(command, stdout=nowhere, stderr=subprocess.PIPE)
            told = child.stderr.read().decode()
            _, status, usage = os.wait4(child.pid, 0)
            child.returncode = os.waitstatus_to_exitcode(status)
        if child.returncode:
            raise SystemExit(f"{' '.join(command)} ended with {child.returncode}: {told}")
        best = min(best, ((usage.ru_utime + usage.ru_stime) * 1000, usage.ru_maxrss / 1024))
    return best


def plot(rows):
    """Both axes in powers; a straight line that rises like the dashed one is linear growth."""
    wide, high, out = 330, 250, []
    for at, (title, points) in enumerate(rows):
        left, top = (at % 2) * (wide + 50) + 50, (at // 2) * (high + 70) + 40
        spans = [math.log10(points[0][0]), math.log10(points[-1][0])]
        ceiling = math.ceil(math.log10(max(max(ms, mb) for _, ms, mb in points)))
        x = lambda n: left + (math.log10(n) - spans[0]) / (spans[1] - spans[0]) * wide
        y = lambda v: top + high - math.log10(max(v, 1)) / ceiling * high
        out.append(f'<text x="{left}" y="{top - 12}" class="t">{title}</text>')
        for power in range(ceiling + 1):
            line = y(10**power)
            out.append(f'<path d="M{left} {line:.1f}h{wide}" class="g"/><text x="{left - 6}" y="{line + 4:.1f}" class="n">{10**power:,}</text>')
        for n, _, _ in points:
            out.append(f'<text x="{x(n):.1f}" y="{top + high + 16}" class="m">{n:,}</text>')
        for which, style in ((1, "a"), (2, "b")):
            line = " ".join(f"{x(point[0]):.1f},{y(point[which]):.1f}" for point in points)
            out.append(f'<polyline points="{line}" class="{style}"/>')
        last = points[-1]
        linear = " ".join(f"{x(n):.1f},{y(last[1] * n / last[0]):.1f}" for n, _, _ in points if last[1] * n / last[0] >= 1)
        out.append(f'<polyline points="{linear}" class="l"/>')
    style = (
        "text{font:12px system-ui,sans-serif;fill:#777}.t{font-weight:600}.n{text-anchor:end}.m{text-anchor:middle}"
        ".g{stroke:#8884}.a,.b,.l{fill:none;stroke-width:2}.a{stroke:#d9622b}.b{stroke:#3b7dd8}"
        ".l{stroke:#888;stroke-dasharray:3 4;stroke-width:1}"
    )
    width, height = 2 * (wide + 50) + 30, 2 * (high + 70) + 40
    legend = (
        f'<text x="50" y="{height - 12}"><tspan fill="#d9622b">milliseconds</tspan>, '
        f'<tspan fill="#3b7dd8">MiB at the peak</tspan>; dashed: linear growth to the same end</text>'
    )
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}"><style>{style}</style>\n' + "\n".join(out) + f"\n{legend}\n</svg>\n"


def main():
    asked = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    asked.add_argument("--envguard", default="target/release/envguard")
    asked.add_argument("--svg", type=pathlib.Path)
    asked = asked.parse_args()
    envguard = str(pathlib.Path(asked.envguard).resolve())
    scratch = pathlib.Path(tempfile.mkdtemp(prefix="envguard-growth-"))
    rows = []
    try:
        print("| what grows | how many | time | peak memory |\n|---|---|---|---|")
        for contents, title, counts in KINDS:
            points = []
            for count in counts:
                folder = scratch / f"{contents.__name__}-{count}"
                committed(folder, contents(count))
                points.append((count, *measured(envguard, folder)))
                shutil.rmtree(folder)
                print(f"| {title} | {count:,} | {points[-1][1]:.0f} ms | {points[-1][2]:.0f} MiB |", flush=True)
            rows.append((title, points))
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    if asked.svg:
        asked.svg.write_text(plot(rows))


if __name__ == "__main__":
    sys.exit(main())
