"""The service over HTTP: routes, sessions, uploads and the clockwork; the rules are not here."""
