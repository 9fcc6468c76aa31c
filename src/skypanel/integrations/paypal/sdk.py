"""PayPal's Server SDK behind one door: its controllers do the call, its failures become ours.

The SDK is synchronous, so it runs in a thread; it is imported inside the functions because only
the worker may load it. Its own token handling is bypassed: it cannot tell wrong credentials from
an outage and never renews a revoked token.
"""

from __future__ import annotations

import ssl
from collections.abc import Callable
from typing import Any

from skypanel.integrations.paypal.answers import lost, refusal
from skypanel.integrations.paypal.types import VENDOR
from skypanel.platform.outside import OutsideError, Unavailable

CONNECT_SECONDS = 5.0

Call = Callable[[Any], Any]


class Sdk:
    """The SDK pointed at any base URL, one connection pool for all calls."""

    def __init__(self, base_url: str, *, timeout_seconds: float) -> None:
        self._base_url = base_url
        self._timeout_seconds = timeout_seconds
        self._session: Any = None

    def run(self, token: str, call: Call, *, mutates: bool) -> str:
        """Call one controller with `token` and return the JSON text of the answer.

        Blocking. Raises Refused, Unavailable or Unknown, whatever the SDK raised.
        """
        try:
            answer = call(self._client(token))
        except Exception as error:
            raise outcome(error, mutates=mutates) from error
        return str(answer.text)

    def _client(self, token: str) -> Any:
        import requests  # noqa: PLC0415
        from paypalserversdk.configuration import Configuration, Server  # noqa: PLC0415
        from paypalserversdk.http.auth.o_auth_2 import (  # noqa: PLC0415
            ClientCredentialsAuthCredentials,
        )
        from paypalserversdk.models.o_auth_token import OAuthToken  # noqa: PLC0415
        from paypalserversdk.paypal_serversdk_client import (  # noqa: PLC0415
            PaypalServersdkClient,
        )

        base_url = self._base_url

        class OurConfiguration(Configuration):  # type: ignore[misc]
            def get_base_uri(self, server: Any = Server.DEFAULT) -> str:  # noqa: ARG002
                return base_url

        if self._session is None:
            self._session = requests.Session()
            # Without an auth of its own, requests lets ~/.netrc replace our Authorization header.
            self._session.auth = lambda request: request
        return PaypalServersdkClient(
            config=OurConfiguration(
                http_client_instance=self._session,
                timeout=(min(CONNECT_SECONDS, self._timeout_seconds), self._timeout_seconds),
                max_retries=0,
                client_credentials_auth_credentials=ClientCredentialsAuthCredentials(
                    "", "", o_auth_token=OAuthToken(token, "Bearer")
                ),
            )
        )

    def close(self) -> None:
        """Give the pooled connections back."""
        if self._session is not None:
            self._session.close()
            self._session = None


def outcome(error: Exception, *, mutates: bool) -> OutsideError:
    """Which of our three outcomes a failure of the SDK means.

    Never formats an SDK exception with `str`: ErrorException itself fails there when the body
    was not JSON.
    """
    from apimatic_core.exceptions.auth_validation_exception import (  # noqa: PLC0415
        AuthValidationException,
    )
    from paypalserversdk.exceptions.api_exception import ApiException  # noqa: PLC0415
    from requests import exceptions as raw  # noqa: PLC0415

    if isinstance(error, ApiException):
        response = error.response
        return refusal(response.status_code, response.text or "", response.headers, mutates=mutates)
    if isinstance(error, AuthValidationException):
        return Unavailable(VENDOR, "the SDK had no token to send", code="token")
    if isinstance(error, raw.RequestException):
        message = f"{type(error).__name__}: {error}"
        if _never_sent(error):
            return Unavailable(VENDOR, message, code="unreachable")
        return lost(message, mutates=mutates, code="answer_lost")
    return lost(
        f"the SDK failed with {type(error).__name__}", mutates=mutates, code="answer_unreadable"
    )


def _never_sent(error: Exception) -> bool:
    """Whether no connection came about, so that PayPal saw nothing."""
    from requests import exceptions as raw  # noqa: PLC0415
    from urllib3.exceptions import MaxRetryError, NewConnectionError  # noqa: PLC0415

    before_sending = (raw.ConnectTimeout, raw.ProxyError, raw.InvalidURL, raw.MissingSchema)
    if isinstance(error, before_sending):
        return True
    cause = error.args[0] if error.args else None
    if not isinstance(cause, MaxRetryError) or cause.reason is None:
        return False
    if isinstance(cause.reason, NewConnectionError):
        return True
    deepest = cause.reason.args[0] if cause.reason.args else None
    return isinstance(deepest, ssl.SSLCertVerificationError)
