"""Telling those who subscribed: what has happened goes into the outbox, what is due goes out, each try is logged.

Where do I go to…
- one pass: `passing`
- send over HTTP, to checked addresses: `http_sender`, `addresses`; by mail: `mail_sender`
"""
