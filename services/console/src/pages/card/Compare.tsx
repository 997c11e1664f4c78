/** Two moments of one thing side by side, by its versions or by the clock, and step by step. */
import { CaretLeftOutlined, CaretRightOutlined } from '@ant-design/icons';
import { useQuery } from '@tanstack/react-query';
import { Button, Card, DatePicker, Slider, Typography } from 'antd';
import dayjs from 'dayjs';
import { Problem, request, withQuery } from '../../api/client';
import type { Kind, Row, Thing } from '../../api/shapes';
import { usePreferences, useText } from '../../app/preferences';
import { go, usePlace } from '../../app/route';
import { Failed, Loading } from '../../app/states';
import { Differences } from '../../values/Differences';
import { instant } from '../../values/format';
import { useManner } from '../../values/useManner';
import { addressAt, momentsOf, steppedTo, versionOf, type Moments } from './compared';
import { isOfTheRecord } from './groups';

interface CompareProps {
  kind: Kind;
  address: string;
  /** How many versions there are. */
  last: number;
}

/** What it was; nothing before it was there. */
async function stateAt(address: string): Promise<Thing | null> {
  try {
    return await request<Thing>(address);
  } catch (error) {
    if (error instanceof Problem && error.status === 404) return null;
    throw error;
  }
}

function useStateAt(address: string, at: string) {
  const { language } = usePreferences();
  const asked = addressAt(address, at);
  return useQuery({ queryKey: ['compared', asked, language], queryFn: () => stateAt(asked) });
}

export default function Compare({ kind, address, last }: CompareProps) {
  const text = useText();
  const { path, search } = usePlace();
  const moments = momentsOf(search, last);
  const before = useStateAt(address, moments.from);
  const after = useStateAt(address, moments.to);
  const look = (next: Moments) => {
    const asked = new URLSearchParams(search);
    asked.set('from', next.from);
    asked.set('to', next.to);
    go(withQuery(path, asked), { replace: true });
  };
  const error = before.error ?? after.error;
  if (error !== null) return <Failed error={error} />;
  const names = { ...before.data?.names, ...after.data?.names };
  const fields = (kind.fields ?? []).filter((one) => !isOfTheRecord(one));
  return (
    <Card size="small" className="compared">
      <Steps moments={moments} last={last} onChange={look} />
      <div className="bar">
        <Side name="from" moments={moments} row={before.data?.data} onChange={look} />
        <Side name="to" moments={moments} row={after.data?.data} onChange={look} />
      </div>
      {before.isPending || after.isPending ? (
        <Loading />
      ) : (
        <Differences
          fields={fields}
          before={before.data?.data ?? {}}
          after={after.data?.data ?? {}}
          names={names}
          heads={[text('compare.from'), text('compare.to')]}
        />
      )}
    </Card>
  );
}

interface StepsProps {
  moments: Moments;
  last: number;
  onChange: (next: Moments) => void;
}

/** Where both sides are versions: a slider for them, and buttons that go through them one by one. */
function Steps({ moments, last, onChange }: StepsProps) {
  const text = useText();
  const [from, to] = [versionOf(moments.from) ?? 1, versionOf(moments.to) ?? last];
  const version = (n?: number) => text('card.version', { n: n ?? 0 });
  if (last < 2) return null;
  return (
    <div className="bar">
      <Button
        icon={<CaretLeftOutlined />}
        aria-label={text('compare.earlier')}
        disabled={to <= 2}
        onClick={() => onChange(steppedTo(to - 1))}
      />
      <Slider
        range
        className="grow"
        min={1}
        max={last}
        value={[from, to]}
        onChange={([first = 1, second = last]) =>
          onChange({ from: String(first), to: String(second) })
        }
        tooltip={{ formatter: version }}
        ariaLabelForHandle={[text('compare.from'), text('compare.to')]}
      />
      <Button
        icon={<CaretRightOutlined />}
        aria-label={text('compare.later')}
        disabled={to >= last}
        onClick={() => onChange(steppedTo(to + 1))}
      />
    </div>
  );
}

interface SideProps {
  name: keyof Moments;
  moments: Moments;
  row: Row | undefined;
  onChange: (next: Moments) => void;
}

function Side({ name, moments, row, onChange }: SideProps) {
  const text = useText();
  const manner = useManner();
  const at = versionOf(moments[name]) === undefined ? dayjs(moments[name]) : null;
  const said =
    row === undefined
      ? text('compare.notThere')
      : `${text('card.version', { n: String(row.version) })} · ${instant(String(row.occurred_at), manner)}`;
  return (
    <div>
      <Typography.Text strong>{text(`compare.${name}`)}</Typography.Text>{' '}
      <Typography.Text type="secondary">{said}</Typography.Text>{' '}
      <DatePicker
        size="small"
        showTime={{ format: 'HH:mm' }}
        maxDate={dayjs()}
        value={at}
        placeholder={text('compare.moment')}
        aria-label={`${text(`compare.${name}`)}: ${text('compare.moment')}`}
        onChange={(chosen) =>
          chosen !== null && onChange({ ...moments, [name]: chosen.toISOString() })
        }
      />
    </div>
  );
}
