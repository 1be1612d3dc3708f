"""RCS documents as admins write them, and the messages made of them for one person."""
