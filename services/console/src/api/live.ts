/** Events as they happen: the browser connects again by itself, and goes on where it was. */
import type { LoggedEvent } from './shapes';

interface Heard {
  happened: (event: LoggedEvent) => void;
  /** Whether they come at present. */
  connected: (live: boolean) => void;
}

/** Listens to events of these types until what it returns is called. */
export function listen(address: string, types: string[], heard: Heard): () => void {
  const source = new EventSource(address);
  const take = (message: MessageEvent<string>) => heard.happened(JSON.parse(message.data) as LoggedEvent);
  for (const type of types) source.addEventListener(type, take);
  source.onopen = () => heard.connected(true);
  source.onerror = () => heard.connected(false);
  return () => source.close();
}
