"""Boot projects of the corpora for real, measure their list endpoints, and set the verdicts beside what was measured.

    python benchmarks/booted/boot.py [--into DIRECTORY] [--host HOST] [--port PORT] [--few K] [NAME ...]

A project is installed in the version that `../corpora.toml` pins into a virtual environment of its own, with an empty
PostgreSQL database that its own migrations fill (`projects.toml` says how). `projects/NAME.py` says who reads and which
rows a URL's parameters name. Then, in the project's Python, families of rows are made (`families.py`), every list
endpoint that djlint-spec names is called through DRF's test client with K families and with 3K, and its queries are
counted (`measuring.py`); the rows are in a transaction that is rolled back. The view's own queryset, serializer, filter
and pagination are what runs. The result, `NAME.toml` beside this script, holds every endpoint; why one does not agree
stands in `whys.toml`.

It takes a PostgreSQL server that lets the user `postgres` in without a password, and the Pythons of `projects.toml`.
"""

from __future__ import annotations

import argparse
import base64
import json
import os
import secrets
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib  # the backport, on 3.10 only

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path[:0] = [str(ROOT / "src"), str(ROOT), str(HERE.parent)]

from fetch_corpora import home as corpora_home  # noqa: E402
from fetch_corpora import pinned  # noqa: E402

from djlint_spec.config import Config  # noqa: E402
from djlint_spec.engine.locating import disk_tree  # noqa: E402
from tests.oracle.verdicts import Verdict, verdicts  # noqa: E402

_PROJECTS: Mapping[str, Any] = tomllib.loads((HERE / "projects.toml").read_text(encoding="utf-8"))


def booted(name: str, into: Path, host: str, port: str) -> tuple[Path, dict[str, str]]:
    """The Python of a project that is installed and migrated, and the environment it runs in."""
    told = _PROJECTS[name]
    home = into / name
    environment = {
        variable: value.format(home=home, host=host, port=port) for variable, value in told["environment"].items()
    }
    [corpus] = [corpus for corpus in pinned() if corpus.name == name]
    python = home / "venv" / "bin" / "python"
    path = [str(HERE.parent), str(ROOT)]
    ready = home / f"ready-{corpus.version}"
    if not ready.exists():
        for directory in ("", "data/logs", "data/media", *told.get("directories", ())):
            (home / directory).mkdir(parents=True, exist_ok=True)
        (home / "fernet.key").write_bytes(base64.urlsafe_b64encode(secrets.token_bytes(32)))
        outer = shutil.which(f"python{told['python']}") or sys.executable
        subprocess.run([outer, "-m", "venv", "--clear", str(home / "venv")], check=True)
        subprocess.run(
            [str(python), "-m", "pip", "install", "-q", f"{corpus.distribution}=={corpus.version}"], check=True
        )
    if "path" in told:
        [site] = (home / "venv" / "lib").glob("python*/site-packages")
        path.append(str(site / told["path"]))
    environment = {**os.environ, **environment, "PYTHONPATH": os.pathsep.join(path), "PYTHONDONTWRITEBYTECODE": "1"}
    if not ready.exists():
        server = ["-h", host, "-p", port, "-U", "postgres"]
        subprocess.run(["dropdb", *server, "--if-exists", told["database"]], check=True)
        subprocess.run(["createdb", *server, told["database"]], check=True)
        subprocess.run([str(python), "-m", "django", "migrate"], check=True, env=environment, stdout=subprocess.DEVNULL)
        ready.touch()
    return python, environment


def measured(name: str, python: Path, environment: Mapping[str, str], told: Mapping[str, Verdict], few: int) -> Any:
    """What the project's endpoints do with `few` families of rows and with three times as many."""
    run = subprocess.run(
        [str(python), "-m", "booted.inside", name, str(few), str(3 * few)],
        input=json.dumps({endpoint: asdict(verdict) for endpoint, verdict in told.items()}),
        env=dict(environment),
        capture_output=True,
        text=True,
        check=False,
    )
    if run.returncode:
        raise SystemExit(f"{name}: {run.stderr.strip()[-2000:]}")
    return json.loads(run.stdout)


def compared(
    told: Mapping[str, Verdict], did: Mapping[str, Any], few: int, why: Mapping[str, str]
) -> Iterator[dict[str, Any]]:
    """Each endpoint with what is said of it, what it does, and whether the two agree."""
    for name, verdict in sorted(told.items()):
        one = did[name]
        entry: dict[str, Any] = {
            "endpoint": name,
            "verdict": "unknown" if verdict.unknown else "grows" if verdict.grows else "clean",
        }
        paths = {
            "select_related": sorted(set(verdict.select)),
            "prefetch_related": sorted(set(verdict.prefetch)),
            "queries": sorted(set(verdict.queries)),
        }
        entry.update({key: value for key, value in paths.items() if value})
        if "failed" in one:
            entry["result"] = "not measured"
        else:
            trials = one["queries"]
            growth = {trial: numbers[1] - numbers[0] for trial, numbers in trials.items()}
            entry["rows"], entry["measured"] = one["rows"], trials["as it is"]
            if "mended" in trials:
                entry["as_advised"] = trials["mended"]
            grows = growth["as it is"] > 0
            if one["rows"][1] - one["rows"][0] < 2 * few:
                entry["result"] = "not measured"
            elif verdict.unknown:
                entry["result"] = "not judged"
            else:
                entry["result"] = "agrees" if grows is verdict.grows else "disagrees"
                if grows and verdict.grows and not verdict.queries and "mended" in trials:
                    entry["mended_by_advice"] = growth["mended"] == 0
                idle = [
                    path for path in (*paths["select_related"], *paths["prefetch_related"]) if _is_idle(path, growth)
                ]
                if idle:
                    entry["without_effect"] = idle
        said = why.get(name)
        if said:
            entry["why"] = said
        yield entry


def _is_idle(path: str, growth: Mapping[str, int]) -> bool:
    """Whether loading a path that is said to be missing spares no query, as far as it could be loaded."""
    without, with_it = growth.get(f"without {path}"), growth.get(f"up to {path}")
    return without is not None and with_it is not None and with_it >= without


def write(name: str, entries: Iterable[Mapping[str, Any]], versions: Mapping[str, str], few: int) -> None:
    """Write the result of a project."""
    head = {"project": name, **versions, "families": [few, 3 * few]}
    lines = [
        "# Written by boot.py: rows and queries of one request with K families of rows and with 3K.",
        *_pairs(head),
    ]
    for entry in entries:
        lines += ["", "[[endpoint]]", *_pairs(entry)]
    (HERE / f"{name}.toml").write_text("\n".join(lines) + "\n", encoding="utf-8")


def _pairs(table: Mapping[str, Any]) -> Iterator[str]:
    # Texts, numbers, truths and lists of them are written in TOML as in JSON.
    yield from (f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in table.items())


def main(arguments: Sequence[str] | None = None) -> int:
    """Boot, measure and compare the projects that are named, or all."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*", default=list(_PROJECTS), help=f"of {', '.join(_PROJECTS)}")
    parser.add_argument("--into", type=Path, default=Path.home() / ".cache" / "djlint-spec" / "booted")
    parser.add_argument("--corpora", type=Path, help="where fetch_corpora.py has put the projects")
    parser.add_argument("--host", default=os.environ.get("PGHOST", "localhost"))
    parser.add_argument("--port", default=os.environ.get("PGPORT", "5432"))
    parser.add_argument("--few", type=int, default=4)
    given = parser.parse_args(arguments)
    whys = tomllib.loads((HERE / "whys.toml").read_text(encoding="utf-8"))
    for name in given.names:
        told = verdicts(disk_tree((given.corpora or corpora_home()) / name, Config()))
        python, environment = booted(name, given.into, given.host, given.port)
        did = measured(name, python, environment, told, given.few)
        entries = list(compared(told, did["endpoints"], given.few, whys.get(name, {})))
        write(name, entries, did["versions"], given.few)
        for entry in entries:
            if entry["result"] == "disagrees" or entry.get("mended_by_advice") is False or "without_effect" in entry:
                print(name, entry["endpoint"], entry["verdict"], entry["measured"], entry.get("without_effect", ""))
    return 0


if __name__ == "__main__":
    sys.exit(main())
