"""A broker that asks for TLS, a password and rights: who has them works, who lacks one is told."""

from contextlib import suppress

import pytest
from clients import both_clients
from kafka.errors import KafkaError
from pace import limit
from secure_broker import SecureBroker
from secure_broker import secure as secure
from waiting import until

from infra.broker import Broker, Partition
from infra.kafka_admission import check
from infra.kafka_refusals import NotAdmitted, what_to_do
from infra.kafka_security import KafkaSecurity, Protocol
from infra.limits import Limits
from infra.settings import KafkaClient

LIMITS = Limits(answer=5.0)
REFUSALS: tuple[type[Exception], ...] = (KafkaError,)
with suppress(ModuleNotFoundError):
    from confluent_kafka import KafkaException

    REFUSALS = (*REFUSALS, KafkaException)


def speak(client: KafkaClient, bootstrap: str, security: KafkaSecurity) -> Broker:
    if client == "confluent":
        from infra.confluent import ConfluentBroker

        return ConfluentBroker(bootstrap, "test", LIMITS, security)
    from infra.kafka import KafkaBroker

    return KafkaBroker(bootstrap, "test", LIMITS, security)


@both_clients
def test_a_user_with_its_rights_publishes_and_another_reads(
    secure: SecureBroker, topic_prefix: str, kafka_client: KafkaClient
) -> None:
    secure.grant("publisher", "publisher", topic_prefix)
    secure.grant("projector", "projector", topic_prefix)
    topic = f"{topic_prefix}.order"
    place = Partition(topic, 0)
    writes = speak(kafka_client, secure.bootstrap, secure.user("publisher"))
    assert writes.topics([topic], 1, 1) == {topic: 1}
    producer, tail = writes.producer(), writes.tail()
    producer.send(place, b"key", b"value").get(limit(10))
    assert tail.ends([place]) == {place: (0, 1)}
    assert [one.value for one in tail.read(place, 0, 1)] == [b"value"]
    producer.close()
    tail.close()
    reads = speak(kafka_client, secure.bootstrap, secure.user("projector"))
    assert reads.topics([topic], 1, 1) == {topic: 1}
    subscriber = reads.subscriber(f"{topic_prefix}-main-projector", [topic])
    until(lambda: (not subscriber.poll(0.05, 9)) and subscriber.assigned() == {place})
    subscriber.seek({place: 0})
    until(lambda: [one.value for one in subscriber.poll(0.1, 9)] == [b"value"])
    subscriber.commit({place: 1})
    subscriber.close()


@both_clients
@pytest.mark.parametrize(
    ("who", "said"),
    [
        ("wrong password", "does not know the user publisher by that password: correct"),
        ("unknown CA", "signed by nobody whom we believe .*: set DISTRIBUTARY_KAFKA_CA"),
        ("expired certificate", "does not accept our certificate .* make a new one"),
        ("foreign certificate", "does not accept our certificate .* make a new one"),
        ("no certificate", "asks for a certificate of ours: set DISTRIBUTARY_KAFKA_CERTIFICATE"),
    ],
)
def test_who_is_not_let_in_reads_why_and_what_to_do(
    secure: SecureBroker, kafka_client: KafkaClient, who: str, said: str
) -> None:
    secure.grant("publisher", "publisher", "any")
    ca, foreign = secure.ca, secure.foreign
    strangers = {
        "wrong password": (secure.bootstrap, secure.user("publisher", "guessed")),
        "unknown CA": (
            secure.bootstrap,
            KafkaSecurity("SASL_SSL", user="publisher", password="x", ca=foreign.certificate),
        ),
        "expired certificate": (secure.internal, secure.by_certificate(ca, "expired")),
        "foreign certificate": (secure.internal, secure.by_certificate(foreign, "admin")),
        "no certificate": (secure.internal, KafkaSecurity("SSL", ca=ca.certificate)),
    }
    broker = speak(kafka_client, *strangers[who])
    for ask in (
        lambda: broker.topics(["any.order"], 1, 1),
        lambda: broker.described(["any.order"]),
    ):
        with pytest.raises(NotAdmitted, match=said) as refused:
            ask()
        assert "\n" not in str(refused.value)


@both_clients
@pytest.mark.parametrize("protocol", ["PLAINTEXT", "SASL_PLAINTEXT"])
def test_who_speaks_without_tls_where_tls_is_expected_reads_what_to_set(
    secure: SecureBroker, kafka_client: KafkaClient, protocol: Protocol
) -> None:
    sasl = protocol.startswith("SASL")
    named = {"user": "publisher", "password": "publisher"} if sasl else {}
    for address in (secure.bootstrap, secure.internal):
        broker = speak(kafka_client, address, KafkaSecurity(protocol, **named))
        for ask in (
            lambda broker=broker: broker.topics(["any.order"], 1, 1),
            lambda broker=broker: broker.described(["any.order"]),
        ):
            with pytest.raises(NotAdmitted, match=f"{address} expects TLS: set") as refused:
                ask()
            assert "DISTRIBUTARY_KAFKA_SECURITY_PROTOCOL" in str(refused.value)


def test_a_certificate_for_another_host_is_told_apart(secure: SecureBroker) -> None:
    elsewhere = secure.bootstrap.replace("127.0.0.1", "localhost")
    with pytest.raises(NotAdmitted, match="is not for localhost: name the broker"):
        check(elsewhere, secure.user("publisher"), limit(3))


def test_a_broker_that_lets_us_in_is_enough(secure: SecureBroker) -> None:
    secure.grant("publisher", "publisher", "any")
    check(f"127.0.0.1:1,{secure.bootstrap}", secure.user("publisher"), limit(3))


def publish(broker: Broker, prefix: str) -> None:
    """What a publisher does first: topics, how far it came, and a record."""
    place = Partition(f"{prefix}.order", 0)
    broker.topics([place.topic], 1, 1)
    tail, producer = broker.tail(), broker.producer()
    try:
        first, end = tail.ends([place])[place]
        tail.read(place, first, end)
        producer.send(place, b"key", b"value").get(limit(5))
    finally:
        tail.close()
        producer.close()


@both_clients
def test_each_right_of_a_publisher_is_needed(
    secure: SecureBroker, topic_prefix: str, kafka_client: KafkaClient
) -> None:
    """Without one of them its first steps fail, with a sentence that names what to do."""
    secure.grant(topic_prefix, "publisher", topic_prefix)
    publish(speak(kafka_client, secure.bootstrap, secure.user(topic_prefix)), topic_prefix)
    with secure.access() as access:
        every = access.granted(topic_prefix)
        assert {one.operation.name for one in every} == {"CREATE", "WRITE", "READ"}
        for left_out in every:
            # To make a topic is needed where it is missing.
            missing = "x" if left_out.operation.name == "CREATE" else ""
            prefix = topic_prefix + missing
            kept = [one._replace(name=f"{prefix}.") for one in every if one != left_out]
            access.set(topic_prefix, None, kept)
            broker = speak(kafka_client, secure.bootstrap, secure.user(topic_prefix))
            with pytest.raises(REFUSALS) as refused:
                publish(broker, prefix)
            sentence = str(what_to_do(refused.value, topic_prefix))
            assert sentence.startswith(f"Kafka does not let the user {topic_prefix} ")
            assert "`distributary kafka-user set`" in sentence


@both_clients
def test_a_projector_without_its_group_is_told_so(
    secure: SecureBroker, topic_prefix: str, kafka_client: KafkaClient
) -> None:
    topic = f"{topic_prefix}.order"
    secure.grant(f"{topic_prefix}-p", "publisher", topic_prefix)
    secure.grant(f"{topic_prefix}-a", "analyst", topic_prefix, "order")
    speak(kafka_client, secure.bootstrap, secure.user(f"{topic_prefix}-p")).topics([topic], 1, 1)
    broker = speak(kafka_client, secure.bootstrap, secure.user(f"{topic_prefix}-a"))
    strange = broker.subscriber(f"{topic_prefix}-main-projector", [topic])
    try:
        with pytest.raises(REFUSALS) as refused:
            until(lambda: bool(strange.poll(0.1, 9)))
    finally:
        strange.close()
    assert "join its consumer group" in str(what_to_do(refused.value, "anna"))


@both_clients
def test_an_analyst_reads_the_granted_topics_alone(
    secure: SecureBroker, topic_prefix: str, kafka_client: KafkaClient
) -> None:
    secure.grant(f"{topic_prefix}-p", "publisher", topic_prefix)
    analyst = f"{topic_prefix}-anna"
    secure.grant(analyst, "analyst", topic_prefix, "order")
    names = [f"{topic_prefix}.order", f"{topic_prefix}.stock"]
    speak(kafka_client, secure.bootstrap, secure.user(f"{topic_prefix}-p")).topics(names, 1, 1)
    broker = speak(kafka_client, secure.bootstrap, secure.user(analyst))
    assert broker.described(names) == {names[0]: 1}
    reader = broker.subscriber(f"{analyst}-reads", [names[0]])
    until(lambda: (not reader.poll(0.05, 9)) and len(reader.assigned()) == 1)
    reader.close()
    with pytest.raises(REFUSALS) as refused:
        broker.producer().send(Partition(names[0], 0), b"key", b"value").get(limit(5))
    assert what_to_do(refused.value, analyst)


def test_a_new_password_holds_and_the_rights_stay(secure: SecureBroker, topic_prefix: str) -> None:
    user = f"{topic_prefix}-p"
    secure.grant(user, "publisher", topic_prefix)
    with secure.access() as access:
        before = access.granted(user)
        access.set(user, "another one", before)
        assert sorted(access.granted(user)) == sorted(before)
        assert user in access.users()
        check(secure.bootstrap, secure.user(user, "another one"), limit(3))
        with pytest.raises(NotAdmitted):
            check(secure.bootstrap, secure.user(user), limit(3))
        assert access.remove(user)
        assert not access.remove(user)
        assert access.granted(user) == []
