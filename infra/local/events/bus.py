"""Takes events and invokes the functions whose rules match them."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from infra.local.functions.asynchronous import AsynchronousInvocations
from infra.local.names import ACCOUNT, REGION
from infra.local.scheduler import Clock
from infra.topology import Topology
from translator.event_pattern import matches, parse_pattern


@dataclass(frozen=True, slots=True)
class Bus:
    """The buses of a deployment with their rules."""

    deployment: Topology
    name_of: Callable[[str], str]
    asynchronous: AsynchronousInvocations
    clock: Clock

    def publish(self, event: Mapping[str, Any], bus: str = "default") -> None:
        """Give an event to every matching rule of a bus; returns when each delivery is on disk."""
        for rule in self.deployment.rules:
            rule_bus = self.deployment.bus if rule.bus == "platform" else "default"
            if rule_bus == bus and matches(parse_pattern(json.loads(json.dumps(rule.pattern))), event):
                payload = json.dumps(event, separators=(",", ":"), ensure_ascii=False).encode()
                self.asynchronous.accept(f"{event['id']}-{rule.name}", self.name_of(rule.function), payload)

    def put_events(self, request: bytes, answer: bytes) -> None:
        """Publish the accepted entries of a PutEvents request (EventBridge API reference)."""
        results = json.loads(answer)["Entries"]
        for entry, result in zip(json.loads(request)["Entries"], results, strict=True):
            if "EventId" in result:
                bus = str(entry.get("EventBusName", "default")).rpartition("/")[2]
                self.publish(self._event(entry, str(result["EventId"])), bus)

    def _event(self, entry: Mapping[str, Any], identity: str) -> dict[str, Any]:
        seconds = float(entry.get("Time", self.clock()))
        return {
            "version": "0",
            "id": identity,
            "detail-type": entry["DetailType"],
            "source": entry["Source"],
            "account": ACCOUNT,
            "time": datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "region": REGION,
            "resources": entry.get("Resources", []),
            "detail": json.loads(entry["Detail"]),
        }
