/** What would have been otherwise: figures beside what they were, and each decision that differs. */
import { useQuery } from '@tanstack/react-query';
import { Alert, Card, Progress, Typography } from 'antd';
import { request } from '../../api/client';
import type { WhatIfReport } from '../../api/shapes';
import { usePreferences, useText } from '../../app/preferences';
import { Failed } from '../../app/states';
import { OtherRedemptions, PointsByDealer } from './Points';
import { OtherReservations } from './Reservations';
import { addressOf, type Trial } from './trial';
import { useElapsed } from './useElapsed';

export function Outcome({ trial }: { trial: Trial }) {
  const text = useText();
  const { language } = usePreferences();
  const address = addressOf(trial);
  const found = useQuery({
    queryKey: ['what-if', address, language],
    queryFn: ({ signal }) => request<WhatIfReport>(address, { signal }),
    retry: false,
    staleTime: Infinity,
  });
  if (found.isPending) return <Deciding />;
  if (found.error !== null) return <Failed error={found.error} again={() => void found.refetch()} />;
  const { points, reservations } = found.data;
  return (
    <div className="stack" aria-live="polite">
      {points != null && (
        <>
          <Summary things={text('whatIf.members', { n: points.members })} others={points.other_decisions} />
          <PointsByDealer dealers={points.dealers} />
          <OtherRedemptions decisions={points.decisions} />
        </>
      )}
      {reservations != null && (
        <>
          <Summary things={text('whatIf.orders', { n: reservations.orders })} others={reservations.other_reservations} />
          <OtherReservations reservations={reservations.reservations} />
        </>
      )}
    </div>
  );
}

function Summary({ things, others }: { things: string; others: number }) {
  const text = useText();
  const words = others === 0 ? text('whatIf.sameDecisions') : text('whatIf.otherDecisions', { n: others });
  return <Alert type={others === 0 ? 'success' : 'info'} showIcon title={`${things} ${words}`} />;
}

/** Nobody knows beforehand how long it takes: how long it has taken is told instead. */
function Deciding() {
  const text = useText();
  const seconds = useElapsed();
  return (
    <Card size="small">
      <div role="status">
        <Progress percent={100} status="active" strokeColor="#0f766e" showInfo={false} aria-label={text('whatIf.deciding')} />
        <Typography.Text type="secondary">
          {text('whatIf.deciding')} {text('duration.seconds', { n: seconds })}
        </Typography.Text>
      </div>
    </Card>
  );
}
