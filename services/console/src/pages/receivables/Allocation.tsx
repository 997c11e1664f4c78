/** Payments that settle nothing yet, and the invoices of the same customer that they may settle. */
import { useQuery } from '@tanstack/react-query';
import { Card, Typography } from 'antd';
import { useState } from 'react';
import { useKnown } from '../../api/catalogue';
import { request, withOwnWrites } from '../../api/client';
import type { ListPage, Row } from '../../api/shapes';
import { usePreferences, useText } from '../../app/preferences';
import { Failed, Loading, Nothing } from '../../app/states';
import { Value } from '../../values/Value';
import { OpenInvoices } from './OpenInvoices';

const SHOWN = 50;

export function Allocation() {
  const text = useText();
  const known = useKnown();
  const { language } = usePreferences();
  const [chosen, setChosen] = useState<string | null>(null);
  const kind = known.kind('receipt');
  const address = `${kind?.address ?? ''}?advance.gt=0&sort=received_at&limit=${String(SHOWN)}&expand=names`;
  const found = useQuery({
    queryKey: ['allocation', address, language],
    queryFn: () => request<ListPage>(withOwnWrites(address)),
  });
  if (found.isPending) return <Loading />;
  if (found.error !== null) return <Failed error={found.error} again={() => void found.refetch()} />;
  const receipts = found.data.data;
  if (receipts.length === 0) return <Nothing>{text('receivables.allAllocated')}</Nothing>;
  const receipt = receipts.find((one) => one.id === chosen) ?? receipts[0];
  const field = (name: string) => kind?.fields?.find((one) => one.name === name);
  const shown = (name: string, row: Row) => {
    const of = field(name);
    return of !== undefined && <Value field={of} row={row} names={found.data.names} />;
  };
  return (
    <div className="beside halves">
      <Card size="small" title={text('receivables.payments')}>
        <Typography.Text type="secondary">{text('receivables.dragHelp')}</Typography.Text>
        <ul className="waiting">
          {receipts.map((one) => (
            <li
              key={String(one.id)}
              draggable
              onDragStart={(event) => {
                event.dataTransfer.setData('text/plain', String(one.id));
                setChosen(String(one.id));
              }}
            >
              <button
                type="button"
                className={one === receipt ? 'choice chosen' : 'choice'}
                aria-pressed={one === receipt}
                onClick={() => setChosen(String(one.id))}
              >
                <strong>{String(one.id)}</strong>{' '}
                {found.data.names?.customer?.[String(one.customer)] ?? String(one.customer)}
                <Typography.Text type="secondary" className="small choice-more">
                  {shown('received_at', one)}
                </Typography.Text>
              </button>
              <strong className="deal-amount">{shown('advance', one)}</strong>
            </li>
          ))}
        </ul>
      </Card>
      {receipt !== undefined && <OpenInvoices key={String(receipt.id)} receipt={receipt} />}
    </div>
  );
}
