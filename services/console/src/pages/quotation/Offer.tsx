/** What is offered, how it stands to prices, stock and credit of now, and how it came to be so. */
import { Card, Typography } from 'antd';
import type { Field, Kind, Row, Thing } from '../../api/shapes';
import { useText } from '../../app/preferences';
import { useMoment } from '../../app/route';
import { Fact } from '../../values/Fact';
import { format, money } from '../../values/format';
import { useManner } from '../../values/useManner';
import { marginOf, type LivePrice, type QuotedLine } from './lines';
import { Papers } from './Papers';
import { MARGIN, QuotedLines } from './QuotedLines';
import { Revisions } from './Revisions';
import { useLivePrices } from './useLivePrices';

/** States in which prices and stock of now still matter. */
const OPEN = new Set(['draft', 'submitted', 'sent', 'accepted']);

function within(kind: Kind, name: string): Field[] {
  return kind.fields?.find((one) => one.name === name)?.fields ?? [];
}

export default function Offer({ kind, thing }: { kind: Kind; thing: Thing }) {
  const text = useText();
  const quotation = thing.data;
  const lines = (quotation.lines ?? []) as QuotedLine[];
  const live = useMoment() === null && OPEN.has(String(quotation.status));
  const prices = useLivePrices(quotation, lines, live).map((one) => one.data);
  return (
    <>
      <Card
        size="small"
        title={text('quotation.offer')}
        extra={<Papers quotation={String(quotation.id)} />}
      >
        <Standing quotation={quotation} lines={lines} now={prices} live={live} />
        <QuotedLines
          fields={within(kind, 'lines')}
          quotation={quotation}
          lines={lines}
          now={prices}
          live={live}
        />
      </Card>
      <Revisions
        key={String(quotation.revision)}
        fields={within(kind, 'revisions')}
        quotation={quotation}
      />
    </>
  );
}

interface StandingProps {
  quotation: Row;
  lines: QuotedLine[];
  now: (LivePrice | undefined)[];
  live: boolean;
}

/** The whole offer beside what it would be now, and what the customer owes already. */
function Standing({ quotation, lines, now, live }: StandingProps) {
  const text = useText();
  const manner = useManner();
  const currency = String(quotation.currency);
  const told = (amount: number) => money(amount, currency, manner);
  const amount = Number(quotation.amount);
  const priced = now.filter((one) => one !== undefined);
  const complete = live && lines.length > 0 && priced.length === lines.length;
  const owed = priced.find((one) => one.owed != null)?.owed;
  const overdue = owed?.overdue[currency] ?? 0;
  const cost = lines.every((one) => one.cost !== undefined)
    ? lines.reduce((sum, one) => sum + (one.cost ?? 0), 0)
    : undefined;
  const margin = marginOf({ amount, cost });
  return (
    <dl className="fields" style={{ marginBottom: 12 }}>
      <Fact label={text('quotation.amount')}>{told(amount)}</Fact>
      {margin !== undefined && (
        <Fact label={text('quotation.margin')}>{format(margin, MARGIN, manner)}</Fact>
      )}
      {complete && (
        <Fact label={text('quotation.amountNow')}>
          {told(priced.reduce((sum, one) => sum + one.amount, 0))}
        </Fact>
      )}
      {owed != null && (
        <>
          <Fact label={text('quotation.owed')}>{told(owed.open[currency] ?? 0)}</Fact>
          <Fact label={text('quotation.overdue')}>
            <Typography.Text type={overdue > 0 ? 'danger' : undefined}>{told(overdue)}</Typography.Text>
          </Fact>
        </>
      )}
    </dl>
  );
}
