"""Where the ways of messages, decisions, events and intakes are declared."""

from hub.web.pages.wings import Wing

wing = Wing("messages")
