"""The client's own ledger: what it asked for and was told, kept outside of the system."""

from dataclasses import dataclass, field

from commands import Command
from infra.executor import Executor
from infra.requests import Answer, Outcome, Request
from services.bootstrap import request
from simulation.faults import Chance
from simulation.trade import Trade


@dataclass
class Submitted:
    request: Request
    answer: Outcome | None = None


@dataclass
class Client:
    """Asks again, under the same key, for what it was not told; now and then for more.

    What was refused without an event may be granted when it is asked again: until the answer
    is there, nothing is known of it.
    """

    seed: int
    chance: Chance
    trade: Trade
    ledger: list[Submitted] = field(default_factory=list)
    violations: list[str] = field(default_factory=list)
    told: int = 0

    def batch(self) -> list[Submitted]:
        random = self.chance.random
        old = [one for one in self.ledger if one.answer is None or random.random() < 0.02]
        again = random.sample(old, min(len(old), random.randrange(3)))
        few = random.randrange(1, self.trade.busy)
        new = [self._new(self.trade.command()) for _ in range(few)]
        return [*again, *new]

    def registers(self) -> list[Submitted]:
        """What is entered before the trade begins."""
        return [self._new(command) for command in self.trade.registers()]

    def _new(self, command: Command) -> Submitted:
        key = f"key-{self.seed}-{len(self.ledger)}"
        self.ledger.append(Submitted(request(command, self.trade.asker(command), key)))
        return self.ledger[-1]

    def ask(self, executor: Executor, batch: list[Submitted]) -> None:
        for one in batch:
            if one.answer and one.answer.refusal and not one.answer.events:
                one.answer = None
        answers = executor.commit([one.request for one in batch])
        known = self.told
        for one, answer in zip(batch, answers, strict=True):
            self._hear(one, answer, known)

    def _hear(self, one: Submitted, answer: Answer, known: int) -> None:
        if not isinstance(answer, Outcome):
            self.violations.append(f"(a) {one.request.key} was not answered but by {answer!r}")
            return
        before = one.answer
        if before and (before.events, before.refusal) != (answer.events, answer.refusal):
            self.violations.append(f"(a) {one.request.key} was answered in two ways")
        if not answer.repeated and answer.position < known:
            self.violations.append(f"(a) {one.request.key} was decided on the past")
        one.answer = answer
        self.told = max(self.told, answer.position)

    def unanswered(self) -> list[Submitted]:
        return [one for one in self.ledger if one.answer is None]

    def answers(self) -> dict[str, Outcome | None]:
        return {one.request.key: one.answer for one in self.ledger}

    def recall(self, answers: dict[str, Outcome | None], head: int) -> None:
        """The database was replaced: what it does not know must be asked for again."""
        self.told = head
        for one in self.ledger:
            one.answer = answers.get(one.request.key)
