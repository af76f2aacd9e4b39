"""The compose file is valid by the compose specification's schema, and what it builds is closed."""

import subprocess
import sys
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[2]
COMPOSE = ROOT / "docker-compose.yml"


def test_the_compose_file_is_valid_by_the_compose_schema() -> None:
    command = (sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec", str(COMPOSE))
    checked = subprocess.run(command, capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_the_container_is_read_only_and_has_a_health_check_and_no_root() -> None:
    service = yaml.safe_load(COMPOSE.read_text())["services"]["wiredesk"]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["healthcheck"]["test"] == ["CMD", "wiredesk", "healthy"]
    assert "USER wiredesk" in service["build"]["dockerfile_inline"]


def test_what_the_image_copies_is_there() -> None:
    build = yaml.safe_load(COMPOSE.read_text())["services"]["wiredesk"]["build"]["dockerfile_inline"]
    copied = [line.split()[1:-1] for line in build.splitlines() if line.startswith("COPY")]
    assert copied
    assert all((ROOT / name).exists() for names in copied for name in names)
