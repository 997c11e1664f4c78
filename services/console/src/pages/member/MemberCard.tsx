/** The card of a member: who it is, the tier, points by lot, redemptions, and what is paid in ahead. */
import { useQuery } from '@tanstack/react-query';
import { Typography } from 'antd';
import { useKnown } from '../../api/catalogue';
import { request, withOwnWrites } from '../../api/client';
import type { Dossier, PointLotsAnswer } from '../../api/shapes';
import { asOf, useMoment } from '../../app/route';
import { Failed, Loading } from '../../app/states';
import { Tiles } from '../../values/Tiles';
import type { SectionProps } from '../card/sections';
import { DossierTab } from '../dossier/DossierTab';
import { Facts } from '../dossier/Facts';
import { useFigureTiles, type Told } from '../dossier/useFigureTiles';
import { Lots } from './Lots';
import { Redemptions } from './Redemptions';

const FACTS = ['tier', 'dealer', 'phone', 'program', 'enrolled_at'];

const FIGURES: Told[] = [
  { part: 'points', figure: 'points', by: 'member', measures: ['balance', 'earned', 'redeemed', 'expired', 'taken_back'] },
  { part: 'deposits', figure: 'deposits', by: 'member', measures: ['balance', 'topped_up', 'spent'] },
];

export default function MemberCard({ kind, thing }: SectionProps) {
  const card = useKnown().cardOf(kind.name, String(thing.data.id)) ?? '';
  return (
    <DossierTab path={`${card}/card`}>
      {(dossier) => (
        <>
          <Facts kind={kind} dossier={dossier} fields={FACTS} />
          {FIGURES.map((told) => (
            <Figures key={told.part} dossier={dossier} told={told} />
          ))}
          <Points card={card} />
        </>
      )}
    </DossierTab>
  );
}

/** Under the name of its figure, as points and money call their measures alike. */
function Figures({ dossier, told }: { dossier: Dossier; told: Told }) {
  const figure = useKnown().figure(told.figure);
  const tiles = useFigureTiles(dossier, [told]);
  if (tiles.length === 0) return null;
  return (
    <section aria-label={figure?.label}>
      <Typography.Text strong>{figure?.label}</Typography.Text>
      <Tiles tiles={tiles} />
    </section>
  );
}

function Points({ card }: { card: string }) {
  const address = asOf(`${card}/lots`, useMoment());
  const found = useQuery({
    queryKey: ['point-lots', address],
    queryFn: ({ signal }) => request<PointLotsAnswer>(withOwnWrites(address), { signal }),
  });
  if (found.isPending) return <Loading />;
  if (found.error !== null) return <Failed error={found.error} again={() => void found.refetch()} />;
  return (
    <div className="stack">
      <Lots lots={found.data.data.lots} />
      <Redemptions redemptions={found.data.data.redemptions} />
    </div>
  );
}
