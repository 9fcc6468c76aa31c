"""What the servers refuse."""

from __future__ import annotations

from skypanel.platform.errors import Refusal


class ServerBusy(Refusal):
    status = 409
    code = "server_busy"
    message = "Something else is being done to this server. Wait until it has ended."


class TaskNotAllowed(Refusal):
    status = 409
    code = "verb_not_allowed"
    message = "This can't be done while the server is in its present state."


class PasswordGone(Refusal):
    status = 410
    code = "password_gone"
    message = (
        "The password was shown already or is older than a day, so we no longer have it. "
        "Reset it to get another."
    )


class ImageNotInstallable(Refusal):
    status = 409
    code = "image_not_installable"
    message = "This system can't be installed on this server's plan. Choose another."


class KeyKnown(Refusal):
    status = 409
    code = "ssh_key_known"
    message = "This account has this key already."


class TooManyKeys(Refusal):
    status = 409
    code = "too_many_ssh_keys"
    message = "An account can keep 50 keys. Delete one you no longer use."


class PanelTooOld(Refusal):
    status = 409
    code = "panel_too_old"
    message = "This host's panel can't do that over its API. Open the panel and do it there."


class FirewallReadOnly(Refusal):
    status = 409
    code = "firewall_read_only"
    message = "This panel's firewall can't be changed from here. Open the panel and do it there."


class ForwardMismatch(Refusal):
    status = 409
    code = "forward_mismatch"
    message = "The name does not lead back to the address."


class ServerKnown(Refusal):
    status = 409
    code = "server_known"
    message = "This server of the panel is one of ours already; it can't be taken over twice."
