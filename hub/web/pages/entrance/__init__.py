"""The way in: the first run, signing in and out, invitations."""
