/** Customer 360: who it is, what is going on, what was said, what is owed and how it buys. */
import { Card } from 'antd';
import { useKnown } from '../../api/catalogue';
import type { Dossier, Row } from '../../api/shapes';
import { FileTable } from '../../tables/FileTable';
import { Tiles } from '../../values/Tiles';
import { headOf } from '../../values/format';
import { Value } from '../../values/Value';
import { BUCKETS } from '../receivables/ageing';
import type { SectionProps } from '../card/sections';
import { Conversation } from './Conversation';
import { DossierTab } from './DossierTab';
import { Facts } from './Facts';
import { ListPart, NothingOf, type Listed } from './ListPart';
import { useFigureTiles, type Told } from './useFigureTiles';

const FACTS = ['owner', 'department', 'region', 'customer_kind', 'partner_type', 'customer_class', 'importance', 'industry', 'city', 'source', 'pool', 'pool_at', 'frozen'];

const FIGURES: Told[] = [
  { part: 'value', figure: 'rankings-customers', by: 'subject', measures: ['amount', 'quantity', 'margin'], title: 'dossier.bought' },
  { part: 'receivable', figure: 'receivables', by: 'customer', measures: ['open', 'advance'] },
  { part: 'ageing', figure: 'receivables_ageing', by: 'customer', measures: BUCKETS, filled: true },
  { part: 'cycle', figure: 'purchase_cycles', by: 'customer', measures: ['purchases', 'cycle_days', 'overdue_days'] },
];

const LISTS: Listed[] = [
  { part: 'opportunities', kind: 'opportunity', by: 'customer', columns: ['stage', 'amount', 'expected_close', 'status'] },
  { part: 'quotations', kind: 'quotation', by: 'customer', columns: ['status', 'amount', 'valid_until'] },
  { part: 'orders', kind: 'order', by: 'customer', columns: ['status', 'amount', 'drafted_at'] },
  { part: 'invoices', kind: 'invoice', by: 'customer', columns: ['amount', 'open', 'due'] },
  { part: 'receipts', kind: 'receipt', by: 'customer', columns: ['status', 'amount', 'advance', 'received_at'] },
];

const BESIDE: Listed[] = [
  { part: 'tasks', kind: 'task', by: 'customer', columns: ['due', 'status'] },
];

export default function Customer360({ kind, thing }: SectionProps) {
  const path = `${kind.address ?? ''}/${encodeURIComponent(String(thing.data.id))}/overview`;
  return (
    <DossierTab path={path}>
      {(dossier) => (
        <>
          <Facts kind={kind} dossier={dossier} fields={FACTS} />
          <Figures dossier={dossier} />
          <div className="beside event">
            <div className="stack">
              {LISTS.map((list) => (
                <ListPart key={list.part} dossier={dossier} list={list} />
              ))}
            </div>
            <div className="stack">
              <Contacts dossier={dossier} />
              {BESIDE.map((list) => (
                <ListPart key={list.part} dossier={dossier} list={list} />
              ))}
              <Conversation dossier={dossier} />
            </div>
          </div>
          <NothingOf dossier={dossier} lists={[...LISTS, ...BESIDE, TALK]} />
        </>
      )}
    </DossierTab>
  );
}

/** Shown as a thread of its own, and named here where there is none. */
const TALK: Listed = { part: 'interactions', kind: 'interaction', by: 'customer', columns: [] };

function Figures({ dossier }: { dossier: Dossier }) {
  return <Tiles tiles={useFigureTiles(dossier, FIGURES)} />;
}

const OF_A_CONTACT = ['name', 'title', 'phone', 'influence'];

function Contacts({ dossier }: { dossier: Dossier }) {
  const known = useKnown();
  const title = known.kind('customer')?.fields?.find((one) => one.name === 'contacts')?.label;
  const rows = (dossier.data.contacts ?? []) as Row[];
  // The record has them as they were told: what their fields are called the event says.
  const fields = known.event('ContactAdded')?.fields ?? [];
  if (fields.length === 0 || rows.length === 0) return null;
  const shown = fields
    .filter((one) => OF_A_CONTACT.includes(one.name))
    .filter((one) => rows.some((row) => row[one.name] != null));
  return (
    <Card size="small" title={title} styles={{ body: { padding: 0 } }}>
      <FileTable<Row>
        file="contacts"
        rowKey={(row) => String(row.contact)}
        dataSource={rows}
        columns={shown.map((one) => ({
          title: headOf(one),
          render: (_, row) => <Value field={one} row={row} of={dossier.data} />,
        }))}
      />
    </Card>
  );
}
