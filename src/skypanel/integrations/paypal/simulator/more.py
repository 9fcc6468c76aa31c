"""PayPal's HTTP API beyond orders: the vault, disputes, reports."""

from __future__ import annotations

from datetime import datetime

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from skypanel.integrations.paypal.simulator.desk import Desk
from skypanel.integrations.paypal.simulator.problems import Problem
from skypanel.integrations.paypal.simulator.wire import stamp
from skypanel.integrations.paypal.simulator.wire_more import dispute_json, report, token_json

REPORT_DAYS_MAX = 31
PAGE_SIZE_MAX = 500


class More:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def get_token(self, request: Request) -> Response:
        token = self._desk.token(request.path_params["ref"])
        return JSONResponse(token_json(token, self._desk.base(request)))

    async def delete_token(self, request: Request) -> Response:
        self._desk.base(request)
        if request.path_params["ref"] in self._desk.state.book.payment_tokens:
            self._desk.drop_token(request.path_params["ref"])
        return Response(status_code=204)

    async def get_dispute(self, request: Request) -> Response:
        dispute = self._desk.dispute(request.path_params["ref"])
        capture = self._desk.capture(dispute.capture_id)
        return JSONResponse(dispute_json(dispute, capture, self._desk.base(request)))

    async def check_notice(self, request: Request) -> Response:
        """The other side of an IPN: were these very bytes sent by us?"""
        body = (await request.body()).removeprefix(b"cmd=_notify-validate&")
        known = body.decode("latin-1") in self._desk.state.book.notices
        return PlainTextResponse("VERIFIED" if known else "INVALID")

    async def list_transactions(self, request: Request) -> Response:
        asked = request.query_params
        try:
            since = datetime.fromisoformat(asked["start_date"])
            until = datetime.fromisoformat(asked["end_date"])
            size = min(int(asked.get("page_size", "100")), PAGE_SIZE_MAX)
            page = int(asked.get("page", "1"))
        except (KeyError, ValueError):
            raise Problem(400, "INVALID_PARAMETER_SYNTAX") from None
        if (until - since).days > REPORT_DAYS_MAX or size < 1 or page < 1:
            raise Problem(400, "INVALID_PARAMETER_VALUE")
        lines = list(report(self._desk.state, since, until))
        pages = max(1, -(-len(lines) // size))
        return JSONResponse(
            {
                "transaction_details": lines[(page - 1) * size : page * size],
                "account_number": "XZXSPECPDZHZU",
                "start_date": stamp(since),
                "end_date": stamp(until),
                "last_refreshed_datetime": stamp(self._desk.clock.now()),
                "page": page,
                "total_items": len(lines),
                "total_pages": pages,
                "links": [{"href": str(request.url), "rel": "self", "method": "GET"}],
            }
        )
