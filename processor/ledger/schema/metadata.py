"""What the tables belong to; migrations are held against it."""

from sqlalchemy import MetaData

metadata = MetaData()
