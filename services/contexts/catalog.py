"""What is sold, and at what price."""

from aggregates.catalog.product import Product
from commands.catalog import product
from services.contexts import Context

catalog = Context("catalog", kinds=(Product,), commands=(product,))
