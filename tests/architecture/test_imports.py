"""Each import contract holds on the tree, and is seen to break when an import against it is planted."""

import subprocess
import sys
import tomllib
from functools import cache
from pathlib import Path
from shutil import copy, copytree, ignore_patterns

import pytest

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("chassis", "contracts", "services", "gateway", "cli", "deploy", "scripts", "tests/plugins")
LINT_IMPORTS = Path(sys.executable).with_name("lint-imports")

# contract id -> where a line is planted, and the line
PLANTED = {
    "chassis-below": [
        ("chassis/planted.py", "import contracts.roles"),
        ("chassis/planted.py", "import services.finance"),
        ("chassis/planted.py", "import gateway"),
    ],
    "contracts-below": [
        ("contracts/planted.py", "import chassis.ids"),
        ("contracts/planted.py", "import services.registry"),
    ],
    "services-apart": [
        ("services/finance/planted.py", "import services.registry"),
        ("services/registry/planted.py", "from services.subsidy import domain"),
        ("services/supervision/planted.py", "import services.relocation"),
        ("services/relocation/planted.py", "import services.finance"),
        ("services/subsidy/planted.py", "import services.supervision"),
    ],
    "services-below": [
        ("services/finance/planted.py", "import gateway"),
        ("services/finance/planted.py", "import cli"),
        ("services/finance/planted.py", "import deploy.engines"),
    ],
    "gateway-beside": [
        ("gateway/planted.py", "import services.registry"),
        ("gateway/planted.py", "import cli"),
    ],
    "deploy-apart": [("deploy/planted.py", "import chassis.ids")],
    "tools-outside": [
        ("services/finance/planted.py", "import scripts.lints"),
        ("cli/planted.py", "import tests.plugins"),
        ("gateway/planted.py", "import bench"),
    ],
    "domain-pure": [
        ("services/finance/domain/planted.py", "import sqlalchemy"),
        ("services/registry/domain/planted.py", "import asyncio"),
        ("services/subsidy/domain/planted.py", "import asyncpg"),
        ("services/relocation/domain/planted.py", "from os import environ"),
        ("services/supervision/domain/planted.py", "from chassis.unit_of_work import UnitOfWork"),
        ("gateway/domain/planted.py", "import fastapi"),
    ],
}
CASES = [(contract, path, line) for contract, plants in PLANTED.items() for path, line in plants]


@cache
def contracts() -> dict[str, str]:
    """Return each contract's id and name as the project states them."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    return {contract["id"]: contract["name"] for contract in settings["tool"]["importlinter"]["contracts"]}


def lint_imports(folder: Path) -> subprocess.CompletedProcess[str]:
    """Run import-linter in a folder, on the packages that stand there."""
    return subprocess.run(
        [str(LINT_IMPORTS), "--no-cache"], cwd=folder, capture_output=True, text=True, check=False, timeout=60
    )


@pytest.fixture(scope="module")
def copied(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the packages, in which imports may be planted."""
    folder = tmp_path_factory.mktemp("planted")
    for room in ROOMS:
        copytree(ROOT / room, folder / room, ignore=ignore_patterns("__pycache__", ".engines"))
    (folder / "tests" / "__init__.py").touch()
    copy(ROOT / "pyproject.toml", folder)
    return folder


def test_the_tree_keeps_every_contract(copied: Path) -> None:
    result = lint_imports(copied)

    assert result.returncode == 0, result.stdout[-3000:]
    assert f"{len(contracts())} kept, 0 broken" in result.stdout


def test_every_contract_is_planted_against() -> None:
    assert set(PLANTED) == set(contracts())


@pytest.mark.parametrize(("contract", "path", "line"), CASES)
def test_a_planted_import_breaks_its_contract(copied: Path, contract: str, path: str, line: str) -> None:
    planted = copied / path
    planted.parent.mkdir(exist_ok=True)
    package = planted.parent / "__init__.py"
    is_new_package = not package.exists()
    package.touch()
    planted.write_text(f"{line}\n", "utf-8")

    try:
        result = lint_imports(copied)
    finally:
        planted.unlink()
        if is_new_package:
            package.unlink()

    assert result.returncode == 1
    assert f"{contracts()[contract]} BROKEN" in result.stdout
