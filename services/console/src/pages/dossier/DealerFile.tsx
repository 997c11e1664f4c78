/** The file of a dealer: what he has, ordered, owes, paid and sold, what is agreed, and his members. */
import { useKnown } from '../../api/catalogue';
import type { Dossier } from '../../api/shapes';
import { Tiles } from '../../values/Tiles';
import type { SectionProps } from '../card/sections';
import { DealerStock } from './DealerStock';
import { DossierTab } from './DossierTab';
import { Facts } from './Facts';
import { ListPart, NothingOf, type Listed } from './ListPart';
import { listOf } from './useDossier';
import { useFigureTiles, type Told } from './useFigureTiles';

const FACTS = ['partner_type', 'tier', 'parent', 'owner', 'region', 'city', 'importance'];

const FIGURES: Told[] = [
  { part: 'sell_in', figure: 'rankings-customers', by: 'subject', measures: ['amount', 'quantity'], title: 'dossier.soldTo' },
  { part: 'sell_out', figure: 'rankings-dealers', by: 'subject', measures: ['sell_out_amount', 'sell_out_quantity'] },
  { part: 'receivable', figure: 'receivables', by: 'customer', measures: ['open', 'advance'] },
  { part: 'points', figure: 'points', by: 'dealer', measures: ['balance'], title: 'dossier.points' },
];

const GOODS: Listed[] = [
  { part: 'orders', kind: 'order', by: 'customer', columns: ['status', 'amount', 'drafted_at'] },
  { part: 'goods_flows', kind: 'goods_flow', by: 'dealer', columns: ['flowed_at', 'quantity', 'outside'] },
  { part: 'members', kind: 'member', by: 'dealer', columns: ['phone', 'tier', 'enrolled_at'] },
];

const MONEY: Listed[] = [
  { part: 'statements', kind: 'statement', by: 'dealer', columns: ['status', 'opening', 'closing'] },
  { part: 'agreements', kind: 'agreement', by: 'dealer', columns: ['status', 'valid_until', 'target_amount'] },
  { part: 'receipts', kind: 'receipt', by: 'customer', columns: ['status', 'amount', 'received_at'] },
  { part: 'below', kind: 'customer', by: 'parent', columns: ['partner_type', 'tier', 'owner'], title: 'dossier.below' },
];

export default function DealerFile({ kind, thing }: SectionProps) {
  return (
    <DossierTab path={`/dealers/${encodeURIComponent(String(thing.data.id))}/file`}>
      {(dossier) => (
        <>
          <Facts kind={kind} dossier={dossier} fields={FACTS} />
          <Figures dossier={dossier} />
          <div className="beside equal">
            <div className="stack">
              <DealerStock dossier={dossier} />
              {GOODS.map((list) => (
                <ListPart key={list.part} dossier={dossier} list={list} />
              ))}
            </div>
            <div className="stack">
              {MONEY.map((list) => (
                <ListPart key={list.part} dossier={dossier} list={list} />
              ))}
            </div>
          </div>
          <NothingOf dossier={dossier} lists={[...GOODS, ...MONEY]} />
        </>
      )}
    </DossierTab>
  );
}

function Figures({ dossier }: { dossier: Dossier }) {
  const known = useKnown();
  const members = listOf(dossier, 'members');
  const tiles = useFigureTiles(dossier, FIGURES);
  const counted = members === undefined ? [] : [{ title: known.kind('member')?.plural ?? '', value: members.count }];
  return <Tiles tiles={[...tiles, ...counted]} />;
}
