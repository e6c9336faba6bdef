"""What the demo does and tells: two orders by webhook, one shipped, one paid back."""

from __future__ import annotations

import json
import shlex
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from rich.text import Text

from infra.local.cloud import LocalCloud
from infra.local.settings import LocalSettings
from steploom.definition_file import compile_file, read, with_variables
from steploom.demo.shop import REFUSED_CARD, UNKNOWN_TOWN, Shop
from steploom.demo.shop_server import serving
from steploom.platform.client import ApiClient
from steploom.platform.run_lines import RunLines
from steploom.timeline_lines import widths_for

WORKFLOW: Final = "order-fulfilment"
_ITEMS: Final = ({"sku": "lamp", "quantity": 2, "price": 4500}, {"sku": "bulb", "quantity": 4, "price": 350})

Tell = Callable[[str | Text], None]


@dataclass(frozen=True, slots=True)
class Demo:
    """One telling; `tell` prints a line, `folder` keeps the local cloud's data."""

    definition: Path
    folder: Path
    tell: Tell

    def run(self, *, keep: bool = False) -> bool:
        """Tells the whole story; says whether it went as it should. `keep` serves on until Ctrl-C."""
        shop = Shop()
        settings = LocalSettings(data_folder=self.folder, front_port=0, aws_port=0)
        with serving(shop) as shop_url, LocalCloud(settings) as cloud:
            cloud.wait_until_ready()
            self.tell(f"A small shop is up at {shop_url}: stock, payments, parcels and mail over real HTTP.")
            self.tell(
                f"The local cloud is up at {cloud.front_url}, its Step Functions API at {cloud.aws_url}."
            )
            went_well = self._two_orders(ApiClient(cloud.front_url, cloud.development_token), shop_url)
            self._tell_ledger(shop)
            if keep:
                self._tell_how_to_go_on(cloud, shop_url)
                cloud.serve_forever()
        if not keep:
            self._tell_what_next()
        return went_well

    def _two_orders(self, client: ApiClient, shop_url: str) -> bool:
        client.deploy(WORKFLOW, with_variables(read(self.definition), {"shop": shop_url}))
        self.tell(f"{self.definition} is compiled, stored and active.")
        good = order("A-1001", "Via Roma 1, Torino")
        undeliverable = order("A-1002", f"Sea Street 3, {UNKNOWN_TOWN}")
        return (
            self._order(client, "A good order", good) == "shipped"
            and self._order(client, "An order that no carrier takes", undeliverable) == "refunded"
        )

    def _order(self, client: ApiClient, title: str, body: Mapping[str, Any]) -> str:
        self._heading(f"{title}: POST {client.url}/webhooks/orders")
        lines = RunLines(self.tell, widths_for(compile_file(self.definition).source_map.to_json()))
        run = client.ended(client.fire("orders", body), lines.look)
        status = str((run["output"] or {}).get("status", run["status"]))
        self.tell(f"  order {body['id']} is {status}, says the record of {run['id']}")
        return status

    def _tell_ledger(self, shop: Shop) -> None:
        self._heading("What the shop did, by its own ledger")
        for entry in shop.ledger:
            self.tell(f"  {entry.what}")

    def _tell_how_to_go_on(self, cloud: LocalCloud, shop_url: str) -> None:
        refused = {**order("A-1003", "Via Roma 1, Torino"), "card": REFUSED_CARD}
        sent = f"-H 'Content-Type: application/json' -d {shlex.quote(json.dumps(refused))}"
        authorization = f"-H 'Authorization: Bearer {cloud.development_token}'"
        self._heading("Everything stays up until Ctrl-C")
        self._suggest(
            "an order with a card that the bank refuses", f"curl {sent} {cloud.front_url}/webhooks/orders"
        )
        self._suggest("all runs", f"curl {authorization} {cloud.front_url}/api/executions")
        given = f"-v shop={shop_url} -i {shlex.quote(json.dumps(refused))}"
        run = f".venv/bin/steploom run {self.definition} {given}"
        self._suggest("the same without the cloud, in another terminal", run)

    def _tell_what_next(self) -> None:
        self._heading("What to try next")
        for what, command in (
            ("the same, but everything stays up for orders of your own", "demo --keep"),
            ("the runs above are kept: serve them again", f"up --data {self.folder}"),
            ("the tests of all examples, three days in milliseconds", "test workflows"),
            ("the definition beside its state machine", f"draw {self.definition} --of both -o order.html"),
            ("the definition in words", f"explain {self.definition}"),
        ):
            self._suggest(what, f".venv/bin/steploom {command}")

    def _suggest(self, what: str, command: str) -> None:
        self.tell(Text(f"  # {what}", style="dim"))
        self.tell(f"  {command}")

    def _heading(self, text: str) -> None:
        self.tell("")
        self.tell(Text(text, style="bold"))


def order(identifier: str, address: str) -> dict[str, Any]:
    """A customer's order of two lamps and four bulbs."""
    customer = {"email": "ada@example.com", "country": "IT", "address": address}
    return {"id": identifier, "card": "4242", "customer": customer, "items": list(_ITEMS)}
