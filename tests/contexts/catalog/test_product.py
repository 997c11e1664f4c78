"""A product has one list price at a time, and what is discontinued is not sold."""

from scenario import given

from aggregates import ReferenceTaken, Unknown
from aggregates.catalog.product import (
    ProductAdded,
    ProductDetailsChanged,
    ProductDiscontinued,
    ProductRepriced,
    ProductResumed,
)
from commands.catalog.product import (
    AddProduct,
    ChangeProductDetails,
    DiscontinueProduct,
    RepriceProduct,
    ResumeProduct,
)

WHAT = {"name": "Green tea", "category": "drinks", "unit": "box", "supplier": "S1"}
add = AddProduct(id="I1", **WHAT, list_price=1200, cost=700, currency="CNY")
ADDED = ProductAdded("Green tea", "drinks", "box", "S1", 1200, 700, "CNY")


def test_a_product_is_added_once() -> None:
    given().when(add).then(ADDED)
    given(ADDED).when(add).then()
    given(ADDED).when(add.model_copy(update={"unit": "bag"})).refused(ReferenceTaken)


def test_a_repeat_is_known_after_the_price_changed() -> None:
    given(ADDED, ProductRepriced(1200, 1300, 700, 700)).when(add).then()


def test_a_new_price_leaves_the_cost_alone() -> None:
    reprice = RepriceProduct(id="I1", list_price=1300)
    given(ADDED).when(reprice).then(ProductRepriced(1200, 1300, 700, 700))
    given(ADDED, ProductRepriced(1200, 1300, 700, 700)).when(reprice).then()
    given().when(reprice).refused(Unknown)
    unknown = RepriceProduct(id="I1", cost=None)
    given(ADDED).when(unknown).then(ProductRepriced(1200, 1200, 700, None))


def test_a_product_is_discontinued_and_resumed() -> None:
    stop, resume = DiscontinueProduct(id="I1", reason="no demand"), ResumeProduct(id="I1")
    stopped = ProductDiscontinued("no demand")
    given(ADDED).when(stop).then(stopped)
    given(ADDED, stopped).when(stop).then()
    other = DiscontinueProduct(id="I1", reason="recalled")
    given(ADDED, stopped).when(other).then(ProductDiscontinued("recalled"))
    given(ADDED, stopped).when(resume).then(ProductResumed())
    given(ADDED).when(resume).then()


def test_details_of_a_product_are_corrected_and_the_rest_stays() -> None:
    change = ChangeProductDetails(id="I1", unit="bag", supplier=None)
    changed = ProductDetailsChanged("Green tea", "drinks", "bag", None, "CNY")
    given(ADDED).when(change).then(changed)
    given(ADDED, changed).when(change).then()
    given(ADDED, changed).when(add).then()
    given().when(change).refused(Unknown)
