"""What can happen to one order: drawn by Hypothesis, so that a broken law comes as a short story."""

from __future__ import annotations

from dataclasses import dataclass, field

from hypothesis import strategies as st

from skypanel.integrations.virtfusion.simulator.faults import KINDS

# The last two digits of an amount choose what the simulated PayPal does with it.
ENDINGS = {"plain": 99, "declined": 13, "pending": 14, "lost": 15, "broken": 16}
STEPS = (
    "approve",
    "approve another way",
    "come back",
    "poll",
    "read webhooks",
    "read webhooks twice",
    "forge a webhook",
    "pay by paypal",
    "pay from the wallet",
    "pay twice at once",
    "give up the payment",
    "give up the order",
    "review ends well",
    "review ends badly",
    "minutes pass",
    "an hour passes",
    "faults end",
)
PANEL_FAULTS = tuple(KINDS)
LOCKABLE = (
    "buildServer", "bootServer", "restartServer", "shutdownServer", "poweroffServer",
    "resetServerPassword",
)  # fmt: skip
OPERATIONS = (
    "any", "changes", "createUser", "getUserByExtRelation", "addSshKey", "listUserSshKeys",
    "createServer", "getServer", "listUserServers", "getQueueItem", *LOCKABLE,
)  # fmt: skip
NEW_PASSWORD = "new password"
POWER = ("start", "restart", "shutdown", "poweroff", NEW_PASSWORD)


@dataclass(frozen=True)
class PanelFault:
    kind: str
    operation: str
    times: int


@dataclass(frozen=True)
class PayPalFaults:
    lose_answer: int = 0
    server_error: int = 0
    html_error: int = 0
    slow: int = 0
    expired_token: bool = False


@dataclass(frozen=True)
class Life:
    """One order's life; whatever is left open at its end is left to the timers."""

    ending: str
    gateway: str
    password: bool
    key: bool
    paypal: PayPalFaults
    panel: tuple[PanelFault, ...]
    steps: tuple[str, ...]
    power: tuple[tuple[str, PanelFault | None], ...]
    review_ends_well: bool = field(default=True)


def panel_fault(operations: tuple[str, ...] = OPERATIONS) -> st.SearchStrategy[PanelFault]:
    """A switch at the panel that can hit something."""

    def possible(fault: PanelFault) -> bool:
        return fault.kind != "lock" or fault.operation in ("any", "changes", *LOCKABLE)

    return st.builds(
        PanelFault,
        kind=st.sampled_from(PANEL_FAULTS),
        operation=st.sampled_from(operations),
        times=st.integers(1, 4),
    ).filter(possible)


def steps() -> st.SearchStrategy[tuple[str, ...]]:
    """Any order of anything; half the time in the order in which people mostly do it."""
    anything = st.lists(st.sampled_from(STEPS), max_size=8).map(tuple)
    usual = st.tuples(
        anything,
        st.sampled_from(("approve", "approve another way")),
        st.sampled_from(("come back", "poll", "read webhooks", "pay twice at once")),
        anything,
    ).map(lambda parts: (*parts[0][:3], parts[1], parts[2], *parts[3][:4]))
    return st.one_of(usual, anything)


LIVES = st.builds(
    Life,
    ending=st.sampled_from(tuple(ENDINGS)),
    gateway=st.sampled_from(("paypal", "paypal", "wallet")),
    password=st.booleans(),
    key=st.booleans(),
    paypal=st.builds(
        PayPalFaults,
        lose_answer=st.integers(0, 3),
        server_error=st.integers(0, 2),
        html_error=st.integers(0, 1),
        slow=st.integers(0, 1),
        expired_token=st.booleans(),
    ),
    panel=st.lists(panel_fault(), max_size=3).map(tuple),
    steps=steps(),
    power=st.lists(
        st.tuples(
            st.sampled_from(POWER),
            st.one_of(
                st.none(),
                panel_fault(("any", "changes", "getServer", "getQueueItem", *LOCKABLE[1:])),
            ),
        ),
        max_size=3,
    ).map(tuple),
    review_ends_well=st.booleans(),
)
