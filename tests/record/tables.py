"""A table of somebody else, such as the registry's, beside the record's own."""

from sqlalchemy import Column, MetaData, Table, Text

beside = MetaData()
names = Table("names", beside, Column("name", Text, primary_key=True))
