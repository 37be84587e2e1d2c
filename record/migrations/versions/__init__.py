"""The steps of the schema, one file each, named by their place in the line."""
