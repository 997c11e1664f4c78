"""What is sold, and at what price."""

from aggregates.catalog.product import Product
from commands.catalog import product
from projections.catalog import product as product_record
from services.contexts import Context

catalog = Context(
    "catalog", kinds=(Product,), commands=(product,), records=(product_record.record,)
)
