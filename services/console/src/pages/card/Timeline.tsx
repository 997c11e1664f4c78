/** Every event that mentions the thing, its own and those of others. */
import type { LoggedEvent } from '../../api/shapes';
import { StreamLink } from '../../values/StreamLink';
import { Trail } from './Trail';

export function Timeline({ address }: { address: string }) {
  return (
    <Trail<LoggedEvent>
      address={`${address}/timeline`}
      said={(event) => (
        <>
          <StreamLink stream={event.stream} /> · {event.actor}
        </>
      )}
    />
  );
}
