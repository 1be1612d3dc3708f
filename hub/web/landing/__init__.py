"""What a phone meets behind a short link: a page made of what happened, or a sentence. No scripts,
nothing personal that the message itself did not say, nothing fetched but the shop's pictures."""
