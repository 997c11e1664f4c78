/** The same events outside of the console: what to run for them. */

export interface Asked {
  kinds: string[];
  types: string[];
  actor: string | undefined;
}

export function queryOf({ kinds, types, actor }: Asked): URLSearchParams {
  const query = new URLSearchParams();
  for (const kind of kinds) query.append('kind', kind);
  for (const type of types) query.append('type', type);
  if (actor !== undefined && actor !== '') query.set('actor', actor);
  return query;
}

function addressOf(asked: Asked): string {
  const query = queryOf(asked).toString();
  return `/events/stream${query === '' ? '' : `?${query}`}`;
}

export function curl(asked: Asked, origin: string): string {
  return `curl -sSN -H "Authorization: Bearer $KEY" "${origin}${addressOf(asked)}"`;
}

/** Kafka has a topic for each kind; what else was asked is picked out of what comes. */
export function kcat({ kinds, types, actor }: Asked, every: string[]): string {
  const topics = (kinds.length > 0 ? kinds : every).map((kind) => `distributary.${kind}`);
  const picked = [
    ...(types.length > 0 ? [`(${types.map((one) => `.type == "${one}"`).join(' or ')})`] : []),
    ...(actor !== undefined && actor !== '' ? [`.actor == "${actor}"`] : []),
  ];
  const read = `kcat -q -b "$KAFKA" -o end -G console-look ${topics.join(' ')}`;
  return picked.length === 0 ? read : `${read} | jq -c 'select(${picked.join(' and ')})'`;
}

export function python(asked: Asked, origin: string): string {
  return `import json, os, urllib.request

request = urllib.request.Request(
    "${origin}${addressOf(asked)}",
    headers={"Authorization": f"Bearer {os.environ['KEY']}"},
)
with urllib.request.urlopen(request, timeout=30) as stream:
    for line in stream:
        if line.startswith(b"data: "):
            event = json.loads(line[6:])
            print(event["position"], event["type"], event["stream"])
`;
}
