// 32 clients, one command and one event each time, by Emmett's command handler on PostgreSQL.
import { CommandHandler } from "@event-driven-io/emmett";
import { getPostgreSQLEventStore } from "@event-driven-io/emmett-postgresql";

const { database, seconds } = JSON.parse(process.argv[2]);
const [CLIENTS, STOCKS] = [32, 1000];
const store = getPostgreSQLEventStore(database);
await store.schema.migrate();

const evolve = (stock, { type, data }) =>
  type === "StockReceived"
    ? { ...stock, onHand: stock.onHand + data.quantity }
    : { ...stock, onHand: stock.onHand - data.quantity };
const handle = CommandHandler({ evolve, initialState: () => ({ onHand: 0 }) });

const receive = () => ({ type: "StockReceived", data: { quantity: 1e9, reference: "opening" } });
const issue = (reference) => (stock) => {
  if (stock.onHand < 1) throw new Error("short");
  const moved_at = new Date().toISOString();
  const data = { holder: "warehouse", quantity: 1, reason: "sale", reference, moved_at };
  return { type: "StockIssued", data };
};
const name = (number) => `stock-${number % STOCKS}`;

for (let first = 0; first < STOCKS; first += 50) {
  const some = Array.from({ length: 50 }, (_, at) => handle(store, name(first + at), receive));
  await Promise.all(some);
}

let next = 0;
const client = async (until) => {
  let done = 0;
  while (performance.now() < until) {
    const number = next++;
    await handle(store, name(number), issue(`IS-${number}`));
    done++;
  }
  return done;
};
const clients = async () => {
  const start = performance.now();
  const until = start + seconds * 1000;
  const done = await Promise.all(Array.from({ length: CLIENTS }, () => client(until)));
  return (done.reduce((a, b) => a + b) * 1000) / (performance.now() - start);
};
await clients();
console.log(JSON.stringify({ rate: await clients() }));
await store.close();
process.exit(0);
