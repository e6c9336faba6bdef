"""What `steploom demo --resume` does and tells: a run that failed goes on with another value."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from rich.text import Text

from infra.local.cloud import LocalCloud
from infra.local.settings import LocalSettings
from steploom.demo.shop_server import serving
from steploom.platform.client import ApiClient

Tell = Callable[[str | Text], None]
_WORKFLOW: Final = "parcel"
_BROKEN: Final = "snail"


@dataclass(slots=True)
class Warehouse:
    """An HTTP service that keeps a log of what it is asked; one of its carriers has broken down."""

    log: list[str] = field(default_factory=list)

    def answer(
        self, method: str, path: str, query: Mapping[str, str], body: Any, key: str | None
    ) -> tuple[int, Any]:
        """Status and body."""
        del query, body, key
        self.log.append(f"{method} {path}")
        return (500, {"error": "no van"}) if path.endswith(_BROKEN) else (200, {"number": len(self.log)})


@dataclass(frozen=True, slots=True)
class ResumedDemo:
    """One telling; `tell` prints a line, `folder` keeps the local cloud's data."""

    folder: Path
    tell: Tell

    def run(self) -> bool:
        """Tells the story; says whether no node that had ended before ran again."""
        warehouse = Warehouse()
        settings = LocalSettings(data_folder=self.folder, front_port=0, aws_port=0)
        with serving(warehouse) as url, LocalCloud(settings) as cloud:
            cloud.wait_until_ready()
            client = ApiClient(cloud.front_url, cloud.development_token)
            client.deploy(_WORKFLOW, json.dumps(_definition(url)))
            failed = client.ended(client.fire(_WORKFLOW, {"item": "lamp"}), lambda _: None)
            self._told("A run reserves, charges and ships, and fails at the last", failed, warehouse)
            before = list(warehouse.log)
            edited = {"variables": {"carrier": "swift"}}
            again = client.post(f"/api/executions/{failed['id']}/retry", edited)
            ended = client.ended(again["run"], lambda _: None)
            self._told('Retried with the carrier "swift": a run of its own goes on', ended, warehouse)
            self.tell(f"  it comes from {ended['parent']}; what had ended there did not run again")
            return ended["status"] == "succeeded" and warehouse.log == [*before, "POST /ship/swift"]

    def _told(self, title: str, run: Mapping[str, Any], warehouse: Warehouse) -> None:
        self.tell("")
        self.tell(Text(title, style="bold"))
        for node in run["timeline"]:
            self.tell(f"  {node['node']:<8} {node['status']}")
        self.tell(f"  run {run['id']} {run['status']}")
        self.tell(f"  the service's own log: {', '.join(warehouse.log)}")


def _definition(url: str) -> dict[str, Any]:
    def call(node: str, address: str, **more: Any) -> dict[str, Any]:
        parameters = {"method": "POST", "url": address, "body": "{% $trigger.body %}"}
        return {"id": node, "type": "http_request", "parameters": parameters, **more}

    return {
        "id": _WORKFLOW,
        "variables": [{"name": "carrier", "type": "string", "value": _BROKEN}],
        "triggers": [{"id": "ordered", "type": "webhook", "path": _WORKFLOW}],
        "nodes": [
            call("reserve", f"{url}/reserve"),
            call("charge", f"{url}/charge"),
            call("ship", f"{{% '{url}/ship/' & $carrier %}}", retry_policy={"preset": "none"}),
        ],
        "edges": [{"from": "reserve", "to": "charge"}, {"from": "charge", "to": "ship"}],
    }
