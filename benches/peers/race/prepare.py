"""What a race needs before it begins: the driver, the peers, the shop."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent.parent
ROOT = HERE.parent.parent

# People, events, batches after the history, events in each.
SIZES = {
    "XS": (400, 8_000, 2, 200),
    "S": (10_000, 200_000, 6, 10_000),
    "M": (100_000, 2_000_000, 6, 10_000),
    "L": (1_000_000, 20_000_000, 6, 10_000),
    "XL": (1_000_000, 100_000_000, 6, 10_000),
}
# The same history as it arrives in life.
HARD = {"late": 0.05, "duplicates": 0.02, "reordered": 0.10, "full-context": 1}

# What a peer needs from PyPI.
PACKAGES = {
    "duckdb": "duckdb", "duckdb_arrival": "duckdb", "chdb": "chdb", "sqlite": "duckdb",
    "polars": "polars",
}


def say(text):
    print(text, file=sys.stderr, flush=True)


def driver(given):
    """Throng's side, built, and where cargo put it."""
    if given:
        return given.resolve()
    say("building the driver (cargo build --release --bench peers)")
    command = "cargo build --release --locked --bench peers --message-format=json".split()
    built = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=False)
    if built.returncode:
        sys.exit("the driver could not be built")
    for made in map(json.loads, built.stdout.splitlines()):
        if made.get("executable") and made["target"]["name"] == "peers":
            return Path(made["executable"])
    sys.exit("cargo names no driver")


class Python:
    """A virtual environment with the peers in it."""

    def __init__(self, scratch, installs):
        self.place, self.installs = scratch / "venv", installs
        self.program = self.place / "bin" / "python"
        if installs and not self.program.exists():
            subprocess.run([sys.executable, "-m", "venv", self.place], check=False)

    def lacks(self, peer):
        """Why a peer cannot race, if so; it is installed where that is allowed."""
        package = PACKAGES[peer]
        if self.has(package):
            return None
        if not self.installs:
            return f"Python's `{package}` is not in {self.place}"
        say(f"installing {package} from PyPI")
        if self.program.exists():
            install = [self.program, "-m", "pip", "install", "-q", package]
            subprocess.run(install, stdout=sys.stderr, check=False)
        return None if self.has(package) else f"`{package}` could not be installed from PyPI"

    def has(self, package):
        if not self.program.exists():
            return False
        command, quiet = [self.program, "-c", f"import {package}"], subprocess.DEVNULL
        return subprocess.run(command, stdout=quiet, stderr=quiet, check=False).returncode == 0


def shop(processes, program, size, seed, data, more):
    """The shop, unless it is there: the same seed gives the same bytes."""
    if (data / "meta.json").exists():
        return
    people, events, batches, each = SIZES[size]
    say(f"generating {people:,} people and {events:,} events, seed {seed}")
    partial = data.with_name(data.name + ".partial")
    shutil.rmtree(partial, ignore_errors=True)
    words = [program, "generate", "--people", people, "--events", events, "--batches", batches]
    words += ["--batch-size", each, "--seed", seed, "--out", partial]
    for name, value in more.items():
        words += [f"--{name}", value]
    ran = processes.run(words)
    if ran.error:
        sys.exit(f"the shop could not be generated: {ran.error}")
    shutil.rmtree(data, ignore_errors=True)
    partial.rename(data)
