"""The wing that every way of the inbox is declared on."""

from hub.web.pages.wings import Wing

wing = Wing("inbox")
PATH = "/inbox"
