"""The panel's operations that let somebody in: guest passwords, keys, one-time log-ins."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import Final

from starlette.responses import Response

from skypanel.integrations.virtfusion.simulator import lifecycle
from skypanel.integrations.virtfusion.simulator.answers import (
    invalid,
    locked,
    micro_instant,
    not_found,
    refusal,
)
from skypanel.integrations.virtfusion.simulator.call import ApiCall, Operation, done, told
from skypanel.integrations.virtfusion.simulator.state import LogIn, User

GUEST_USERS: Final = ("root", "Administrator", "administrator")
TTL_SECONDS: Final = 60
ENDPOINT: Final = "/token_authenticate"
TOKEN_BYTES: Final = 75  # a hundred characters of base64


def reset_password(call: ApiCall) -> Response:
    """Queue a new password inside the guest; it counts once the job has ended."""
    server = call.server()
    if lifecycle.active_job(call.state, server) is not None or server.suspended:
        raise locked()
    if call.text("user", required=True) not in GUEST_USERS:
        raise invalid("user", "The selected user is invalid.")
    if not server.running:
        raise refusal("The server must be running with its guest agent.")
    item = lifecycle.start_job(
        call.state, server, lifecycle.PASSWORD, call.now, call.state.timing.password_seconds
    )
    item.fails = call.fault("fail_job") is not None
    call.lose_once(f"password:{server.id}", server.name, server.hostname)
    password = secrets.token_urlsafe(15)
    if not item.fails:
        call.state.engine.give_password(server, password)
    return told({"data": {"queueId": item.id, "expectedPassword": password}})


def drop_ssh_key(call: ApiCall) -> Response:
    key = call.state.tables.ssh_keys.pop(int(call.path["key_id"]), None)
    if key is None:
        raise not_found("ssh key")
    return done()


def log_in_user(call: ApiCall) -> Response:
    return _tokens(call, _user(call), None)


def log_in_to_server(call: ApiCall) -> Response:
    user, server = _user(call), call.server()
    if server.user_id != user.id:
        raise not_found("server")
    return _tokens(call, user, server.id)


def _user(call: ApiCall) -> User:
    relation = str(call.path["relation"])
    for user in call.state.tables.users.values():
        key = user.relation if call.flag("relStr") else str(user.ext_relation_id)
        if key == relation and not user.suspended:
            return user
    raise not_found("user")


def _tokens(call: ApiCall, user: User, server_id: int | None) -> Response:
    """Two tokens that count together, once, for a minute."""
    first, second = secrets.token_urlsafe(TOKEN_BYTES), secrets.token_urlsafe(TOKEN_BYTES)
    until = call.now + timedelta(seconds=TTL_SECONDS)
    call.state.log_ins[first] = LogIn(second, user.id, server_id, until)
    authentication = {
        "tokens": {"1": first, "2": second},
        "endpoint": ENDPOINT,
        "endpoint_complete": f"{ENDPOINT}/?1={first}&2={second}",
        "expiry": {"ttl": TTL_SECONDS, "expires": micro_instant(until)},
    }
    return told({"data": {"authentication": authentication}})


OPERATIONS: Final = (
    Operation(
        "resetServerPassword",
        "POST",
        "/servers/{server_id:int}/resetPassword",
        reset_password,
        lockable=True,
    ),
    Operation("deleteSshKey", "DELETE", "/ssh_keys/{key_id:int}", drop_ssh_key, 403),
    Operation(
        "createUserAuthenticationTokens",
        "POST",
        "/users/{relation:path}/authenticationTokens",
        log_in_user,
        403,
    ),
    Operation(
        "createServerAuthenticationTokens",
        "POST",
        "/users/{relation:path}/serverAuthenticationTokens/{server_id:int}",
        log_in_to_server,
        403,
    ),
)
