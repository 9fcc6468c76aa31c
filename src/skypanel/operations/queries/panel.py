"""What mending a difference to the panel needs to know."""

from __future__ import annotations

from sqlalchemy import bindparam, select

from skypanel.catalog.models import PanelPackage, Plan
from skypanel.platform.read import Query
from skypanel.services.models import Service

PACKAGE_OF: Query[int] = Query(
    select(PanelPackage.virtfusion_ref)
    .join(Plan, Plan.package_id == PanelPackage.id)
    .join(Service, Service.plan_id == Plan.id)
    .where(Service.id == bindparam("service")),
    lambda ref: ref,
)
