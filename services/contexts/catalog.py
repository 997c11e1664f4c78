"""What is sold, and at what price."""

from aggregates.catalog.barcode import Barcode
from aggregates.catalog.category import Category
from aggregates.catalog.product import Product
from aggregates.catalog.product_line import ProductLine
from aggregates.catalog.unit import Unit
from commands.catalog import product
from projections.catalog import product as product_record
from services.contexts import Context

catalog = Context(
    "catalog",
    kinds=(Product,),
    plain=(Category, Unit, ProductLine, Barcode),
    commands=(product,),
    records=(product_record.record,),
)
