"""An independent check of exported records; it must not import anything of the service."""
