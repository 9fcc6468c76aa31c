"""Tax rules, as staff set them."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter, Depends
from starlette.responses import Response

from skypanel.catalog import actions, queries
from skypanel.catalog.rules import EU, SOURCE, standard_rate
from skypanel.catalog.schemas.tax import (
    BuiltinRates,
    TaxRuleEnd,
    TaxRules,
    TaxRuleShown,
    TaxRuleWish,
)
from skypanel.platform.http.doors import TheDb, ThePage, TheReader, answer, staff
from skypanel.platform.http.idempotency import DoorRoute

router = APIRouter(route_class=DoorRoute, tags=["tax staff"])
SEES = [Depends(staff("catalog.view"))]
EDITS = [Depends(staff("tax.edit"))]


@router.get("/admin/tax-rules", response_model=TaxRules, dependencies=SEES)
async def tax_rules(read: TheReader, page: ThePage) -> Response:
    """The rates that staff set."""
    return answer(await queries.staff_tax_rules(read, page))


@router.get("/admin/tax-rates", response_model=BuiltinRates, dependencies=SEES)
async def tax_rates(read: TheReader) -> Response:
    """The built-in standard rates of the EU as they hold today, and their source."""
    on = read.now.date()
    items = [
        {"country": each, "rate": f"{standard_rate(each, on).normalize():f}"} for each in sorted(EU)
    ]
    return answer({"source": SOURCE, "items": items, "next": None})


@router.post("/admin/tax-rules", response_model=TaxRuleShown, status_code=201, dependencies=EDITS)
async def set_tax_rule(wish: TaxRuleWish, db: TheDb) -> Response:
    """Tax a place at a rate from a day on; what was invoiced before keeps its rate."""
    row = await actions.set_tax_rule(db, actions.TaxRuleDraft(**wish.model_dump()))
    return answer(queries.tax_rule(row), 201)


@router.post("/admin/tax-rules/{rule_id}/end", response_model=TaxRuleShown, dependencies=EDITS)
async def end_tax_rule(rule_id: UUID, wish: TaxRuleEnd, db: TheDb) -> Response:
    """Let a rule end on a day."""
    return answer(queries.tax_rule(await actions.end_tax_rule(db, rule_id, wish.ends_on)))
