"""Every section of run-time settings, in the order in which staff see them."""

from __future__ import annotations

from skypanel.catalog.rules import BrandSettings, TaxSettings
from skypanel.identity.rules.sso import PanelSignInSettings
from skypanel.integrations.settings import (
    DnsSettings,
    PayPalSettings,
    SmtpSettings,
    ViesSettings,
    VirtFusionSettings,
)
from skypanel.invoices.rules import SellerSettings, TopUpSettings
from skypanel.metrics.rules import TrafficBlockSettings
from skypanel.orders.rules import OrderSettings
from skypanel.payments.rules import PaymentSettings
from skypanel.platform.settings import Section
from skypanel.renewals.rules import PlanChangeSettings, RenewalSettings
from skypanel.servers.rules import ServerSettings
from skypanel.usage.rules import UsageSettings

SECTIONS: tuple[type[Section], ...] = (
    BrandSettings,
    VirtFusionSettings,
    PanelSignInSettings,
    PayPalSettings,
    SmtpSettings,
    SellerSettings,
    TopUpSettings,
    PaymentSettings,
    OrderSettings,
    TaxSettings,
    ViesSettings,
    DnsSettings,
    ServerSettings,
    RenewalSettings,
    PlanChangeSettings,
    UsageSettings,
    TrafficBlockSettings,
)
