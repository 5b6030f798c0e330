"""How does a message reach a mailbox, or the console where there is no mail server?"""

from __future__ import annotations

import logging
import smtplib
import ssl
from dataclasses import dataclass
from email.message import EmailMessage
from threading import Thread

_LOG = logging.getLogger("registry.mail")
_SECONDS_TO_WAIT_FOR_THE_SERVER = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class MailServer:
    """Where mail is handed over: the only outgoing connection the registry opens."""

    host: str
    port: int = 587
    user: str = ""
    password: str = ""
    starttls: bool = True


def one_line(text: str) -> str:
    """A header value without line breaks, so that no text can add a header of its own."""
    return " ".join(text.split())


def compose(*, sender: str, recipient: str, subject: str, body: str) -> EmailMessage:
    """A plain-text message; headers are stripped of line breaks."""
    message = EmailMessage()
    message["From"] = one_line(sender)
    message["To"] = one_line(recipient)
    message["Subject"] = one_line(subject)
    message.set_content(body)
    return message


def deliver(message: EmailMessage, server: MailServer | None) -> None:
    """Hand the message over without making the sender wait; without a server it is written to the console's log.

    The answer must take as long for an unknown address as for a known one, so the hand-over has its own thread.
    """
    if server is None:
        _LOG.warning("No mail server is set; the message for %s reads:\n%s", message["To"], message.get_content())
        return
    Thread(target=_hand_over, args=(message, server), daemon=True, name="mail").start()


def _hand_over(message: EmailMessage, server: MailServer) -> None:
    try:
        with smtplib.SMTP(server.host, server.port, timeout=_SECONDS_TO_WAIT_FOR_THE_SERVER) as smtp:
            if server.starttls:
                smtp.starttls(context=ssl.create_default_context())
            if server.user:
                smtp.login(server.user, server.password)
            smtp.send_message(message)
    except (OSError, smtplib.SMTPException):
        _LOG.exception("A message could not be handed to the mail server %s", server.host)
