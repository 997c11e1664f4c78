/** The open invoices of whoever paid, each with a way to let the payment settle it. */
import { useQuery } from '@tanstack/react-query';
import { App, Button, Card, InputNumber } from 'antd';
import { useState, type DragEvent } from 'react';
import { useKnown } from '../../api/catalogue';
import { request, withOwnWrites } from '../../api/client';
import type { ListPage, Row } from '../../api/shapes';
import { usePreferences, useText } from '../../app/preferences';
import { useMoment } from '../../app/route';
import { Failed, Nothing } from '../../app/states';
import { FileTable } from '../../tables/FileTable';
import { Value, ThingLink } from '../../values/Value';
import { useCommand } from '../form/useCommand';

const COMMAND = 'allocate-receipt';

export function OpenInvoices({ receipt }: { receipt: Row }) {
  const text = useText();
  const known = useKnown();
  const { message } = App.useApp();
  const { language } = usePreferences();
  const command = known.command(COMMAND);
  const past = useMoment() !== null;
  const { send, busy } = useCommand(command);
  const [over, setOver] = useState<unknown>(null);
  const [amounts, setAmounts] = useState<Record<string, number | null>>({});
  const kind = known.kind('invoice');
  const currency = String(receipt.currency);
  const scale = 10 ** known.digitsOf(currency);
  const conditions = new URLSearchParams({ customer: String(receipt.customer), currency, 'open.gt': '0' });
  const address = `${kind?.address ?? ''}?${conditions.toString()}&sort=due&limit=100`;
  const found = useQuery({
    queryKey: ['allocation', address, language],
    queryFn: () => request<ListPage>(withOwnWrites(address)),
  });
  const most = (row: Row) => Math.min(Number(row.open), Number(receipt.advance));
  const allocate = async (row?: Row) => {
    const typed = row === undefined ? undefined : amounts[String(row.id)];
    const of =
      row === undefined
        ? {}
        : { invoice: row.id, amount: typed == null ? most(row) : Math.round(typed * scale) };
    const body = { id: receipt.id, allocation: crypto.randomUUID(), ...of };
    const { answer, problem } = await send(body, String(receipt.version));
    if (problem !== null) void message.error(problem.message);
    if (answer !== null) void message.success(text('receivables.allocated'));
  };
  if (found.error !== null) return <Failed error={found.error} />;
  const fields = ['due', 'amount', 'open'].map((name) => kind?.fields?.find((one) => one.name === name));
  const may = command !== undefined && !past;
  /** A payment that is dropped upon an invoice settles it, as far as both reach. */
  const onto = (row: Row) => ({
    onDragOver: (event: DragEvent) => {
      event.preventDefault();
      setOver(row.id);
    },
    onDragLeave: () => setOver(null),
    onDrop: (event: DragEvent) => {
      event.preventDefault();
      setOver(null);
      void allocate(row);
    },
  });
  return (
    <Card
      size="small"
      title={text('receivables.openInvoices', { receipt: String(receipt.id) })}
      styles={{ body: { padding: 0 } }}
      extra={
        may && (
          <Button type="primary" size="small" loading={busy} onClick={() => void allocate()}>
            {text('receivables.byRule')}
          </Button>
        )
      }
    >
      <FileTable<Row>
        file="open-invoices"
        rowKey={(row) => String(row.id)}
        dataSource={found.data?.data ?? []}
        loading={found.isPending}
        rowClassName={(row) => (row.id === over ? 'over' : '')}
        onRow={(row) => (may ? onto(row) : {})}
        locale={{ emptyText: <Nothing>{text('receivables.noneOpen')}</Nothing> }}
        columns={[
          { title: kind?.label, render: (_, row) => <ThingLink kinds={['invoice']} id={String(row.id)} /> },
          ...fields
            .filter((one) => one !== undefined)
            .map((one) => ({
              title: one.label,
              className: one.unit === 'minor' ? 'number' : undefined,
              render: (_: unknown, row: Row) => <Value field={one} row={row} />,
            })),
          ...(may
            ? [
                {
                  title: text('receivables.amount'),
                  render: (_: unknown, row: Row) => (
                    <span className="deal-line">
                      <InputNumber
                        aria-label={text('receivables.amountOf', { invoice: String(row.id) })}
                        min={0}
                        max={most(row) / scale}
                        value={amounts[String(row.id)] ?? most(row) / scale}
                        precision={known.digitsOf(currency)}
                        onChange={(typed) => setAmounts({ ...amounts, [String(row.id)]: typed })}
                      />
                      <Button disabled={busy} onClick={() => void allocate(row)}>
                        {text('receivables.settle')}
                      </Button>
                    </span>
                  ),
                },
              ]
            : []),
        ]}
      />
    </Card>
  );
}
