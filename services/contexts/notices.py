"""What people want to be told of."""

from aggregates.notices.mail_codes import MailCodeSettings
from aggregates.notices.subscription import Subscriptions
from commands.notices import subscription
from services.contexts import Context

notices = Context(
    "notices",
    kinds=(Subscriptions,),
    commands=(subscription,),
    settings=(MailCodeSettings,),
)
