"""What is said of an error that Kafka may have to do with."""

from infra.kafka_refusals import NotAdmitted, what_to_do


def test_an_error_that_led_to_itself_is_looked_at_once() -> None:
    first, second = ValueError("first"), ValueError("second")
    first.__cause__, second.__cause__ = second, first
    assert what_to_do(first) is None


def test_what_led_to_an_error_is_looked_at_as_well() -> None:
    error = ValueError("the worker ends")
    error.__cause__ = NotAdmitted("name a certificate")
    assert what_to_do(error) == "name a certificate"
