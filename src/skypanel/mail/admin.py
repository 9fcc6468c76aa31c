"""Staff's doors to the mail log."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends
from starlette.responses import Response

from skypanel.mail import actions, queries
from skypanel.mail.schemas import Mail, Mails, MailStateName
from skypanel.platform.authority import Viewer
from skypanel.platform.http.doors import TheDb, ThePage, TheReader, answer, staff
from skypanel.platform.http.idempotency import DoorRoute

router = APIRouter(route_class=DoorRoute, tags=["mail"])


@router.get("/admin/mail", response_model=Mails)
async def list_mail(
    viewer: Annotated[Viewer, Depends(staff("mail.view"))],
    read: TheReader,
    page: ThePage,
    state: MailStateName | None = None,
    account_id: UUID | None = None,
) -> Response:
    """What was written to whom, newest first."""
    return answer(await queries.mail_page(read, viewer, page, state=state, account_id=account_id))


@router.post("/admin/mail/{message_id}/retry", response_model=Mail, status_code=202)
async def retry_mail(
    viewer: Annotated[Viewer, Depends(staff("mail.retry"))], db: TheDb, message_id: UUID
) -> Response:
    """Send a refused or deferred message again."""
    await actions.retry(db, message_id)
    return answer(await queries.get_mail(db, viewer, message_id), 202)
