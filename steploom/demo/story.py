"""What the demo does and tells: two orders by webhook, one shipped, one paid back."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from rich.text import Text

from infra.local.cloud import LocalCloud
from infra.local.settings import LocalSettings
from steploom.definition_file import read, with_variables
from steploom.demo.api_client import ApiClient
from steploom.demo.shop import REFUSED_CARD, UNKNOWN_TOWN, Shop
from steploom.demo.shop_server import serving
from steploom.timeline_lines import duration, entry_from_json, node_line

WORKFLOW: Final = "order-fulfilment"
_ITEMS: Final = ({"sku": "lamp", "quantity": 2, "price": 4500}, {"sku": "bulb", "quantity": 4, "price": 350})


@dataclass(frozen=True, slots=True)
class Demo:
    """One telling; `tell` prints a line, `folder` keeps the local cloud's data."""

    definition: Path
    folder: Path
    tell: Callable[[str | Text], None]

    def run(self) -> bool:
        """Tells the whole story; says whether it went as it should."""
        shop = Shop()
        settings = LocalSettings(data_folder=self.folder, front_port=0, aws_port=0)
        with serving(shop) as shop_url, LocalCloud(settings) as cloud:
            cloud.wait_until_ready()
            client = ApiClient(cloud.front_url, cloud.development_token)
            self.tell(f"A small shop is up at {shop_url}: stock, payments, parcels and mail over real HTTP.")
            self.tell(
                f"The local cloud is up at {cloud.front_url}, its Step Functions API at {cloud.aws_url}."
            )
            client.deploy(WORKFLOW, with_variables(read(self.definition), {"shop": shop_url}))
            self.tell(
                f"{self.definition} is compiled, stored and active: POST {cloud.front_url}/webhooks/orders"
            )
            good = self._order(client, "A good order", order("A-1001", "Via Roma 1, Torino"))
            returned = self._order(
                client, "An order that no carrier takes", order("A-1002", f"Sea Street 3, {UNKNOWN_TOWN}")
            )
        self._tell_ledger(shop)
        self._tell_what_next()
        return good == "shipped" and returned == "refunded"

    def _order(self, client: ApiClient, title: str, body: Mapping[str, Any]) -> str:
        self.tell("")
        self.tell(Text(f"{title}: {body['id']}", style="bold"))
        run = client.ended(client.fire("orders", body))
        entries = [entry_from_json(node) for node in run["timeline"]]
        widths = max(len(entry.node) for entry in entries), max(len(entry.state) for entry in entries)
        for entry in entries:
            self.tell(node_line(entry, widths))
        if run["skipped"]:
            self.tell(f"    not needed: {', '.join(run['skipped'])}")
        status = str((run["output"] or {}).get("status", run["status"]))
        seconds = duration(run["duration_seconds"])
        self.tell(f"  run {run['id']} {run['status']} after {seconds}: the order is {status}")
        return status

    def _tell_ledger(self, shop: Shop) -> None:
        self.tell("")
        self.tell(Text("What the shop did, by its own ledger", style="bold"))
        for entry in shop.ledger:
            self.tell(f"  {entry.what}")

    def _tell_what_next(self) -> None:
        self.tell("")
        self.tell(Text("What to try next", style="bold"))
        refused = shlex.quote('{"id": "A-1", "card": "' + REFUSED_CARD + '", "customer": {}, "items": []}')
        for what, command in (
            ("the runs above are kept; serve them again", f"steploom up --data {self.folder}"),
            ("the tests of all examples, three days in milliseconds", "steploom test workflows"),
            (
                "the definition beside its state machine",
                f"steploom draw {self.definition} --of both -o order.svg",
            ),
            ("the definition in words", f"steploom explain {self.definition}"),
            (
                "run it without any server: an empty order is refused",
                f"steploom run {self.definition} -i {refused}",
            ),
        ):
            self.tell(f"  # {what}")
            self.tell(f"  .venv/bin/{command}")


def order(identifier: str, address: str) -> dict[str, Any]:
    """A customer's order of two lamps and four bulbs."""
    customer = {"email": "ada@example.com", "country": "IT", "address": address}
    return {"id": identifier, "card": "4242", "customer": customer, "items": list(_ITEMS)}
