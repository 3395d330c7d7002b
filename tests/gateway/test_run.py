"""The gateway in a process of its own, on the settings of its environment."""

import asyncio
import json
import os
import sys
from pathlib import Path

import httpx

from chassis import schema
from chassis.secrets import prepare_secrets
from gateway.main import service
from tests.gateway.house import ADMINISTRATOR_PASSWORD


async def test_a_gateway_process_starts_serves_and_stops(database_url: str, tmp_path: Path) -> None:
    await schema.prepare(database_url, "gateway")
    await schema.upgrade(database_url, "gateway", service.metadata, service.migrations)
    one_time = prepare_secrets(tmp_path).administrator_password()
    environment = {
        **os.environ,
        "TUOPIN_DATA": str(tmp_path),
        "TUOPIN_GATEWAY_DATABASE_URL": schema.url_as(database_url, schema.role_of("gateway")),
        "TUOPIN_REGISTRY_URL": "http://127.0.0.1:9",
    }
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "gateway", env=environment, stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    try:
        said = json.loads(await asyncio.wait_for(process.stdout.readline(), 30))
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{said['port']}", trust_env=False) as client:
            ready = await client.get("/health/ready")
            change = {
                "name": "administrator",
                "current_password": one_time,
                "new_password": ADMINISTRATOR_PASSWORD,
            }
            changed = await client.post("/gateway/v1/passwords", json=change)
            login = {"name": "administrator", "password": ADMINISTRATOR_PASSWORD}
            opened = await client.post("/gateway/v1/sessions", json=login)
            headers = {"authorization": f"Bearer {opened.json()['token']}"}
            down = await client.get("/registry/v1/households", headers=headers)
    finally:
        process.terminate()
        status = await asyncio.wait_for(process.wait(), 20)

    assert ready.status_code == 200, ready.text
    assert changed.status_code == 204
    assert down.status_code == 503
    assert "registry" in down.json()["detail"]
    assert status == 0
