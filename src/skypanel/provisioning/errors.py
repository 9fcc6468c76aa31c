"""What provisioning refuses."""

from __future__ import annotations

from skypanel.platform.errors import Refusal


class PanelClosed(Refusal):
    status = 409
    code = "panel_closed"
    message = "The panel opens once the server is installed, and while its service is active."


class NotAdoptable(Refusal):
    """A server of the panel that can't be taken over as it stands."""

    status = 409
    code = "not_adoptable"


class OwnedByAnother(Refusal):
    status = 409
    code = "owned_by_another"
    message = (
        "At the panel it belongs to the user of another account, who could still open it there."
        " Give it to another user at the panel first, or adopt it for that account."
    )


class PeriodPaid(Refusal):
    status = 409
    code = "period_paid"
    message = (
        "A later period of this service was paid too. Refund its invoices one by one, then end it."
    )


class ReadingUnderWay(Refusal):
    status = 409
    code = "reading_under_way"
    message = "The panel is being read already; see how far it is."


class NothingChosen(Refusal):
    status = 409
    code = "nothing_chosen"
    message = "None of these servers can be taken over now: they are done already."


class PanelUserUnlinked(Refusal):
    status = 409
    code = "panel_user_unlinked"
    message = (
        "Your log-in at the panel is older than this portal, and the panel lets nobody be signed in"
        " as it. Log in there with your own password."
    )
