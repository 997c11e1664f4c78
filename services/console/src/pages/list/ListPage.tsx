/** The list of any kind: what is asked stands in the address, so that it can be sent on. */
import { useQuery } from '@tanstack/react-query';
import { Button, Typography } from 'antd';
import { useState } from 'react';
import { useKnown } from '../../api/catalogue';
import { request, withOwnWrites, withQuery } from '../../api/client';
import type { Kind, ListPage as Page } from '../../api/shapes';
import { useOwn } from '../../app/own';
import { useText, usePreferences } from '../../app/preferences';
import { go, useMoment, usePlace } from '../../app/route';
import { Failed, Stale } from '../../app/states';
import { Commands } from '../../values/Commands';
import { asked, askedOfAll, conditionsOf, facetsOf, withOwnColumns } from './asked';
import { Batch, batchable } from './Batch';
import { Conditions } from './Conditions';
import { Facets } from './Facets';
import { Pager } from './Pager';
import { Rows } from './Rows';
import { Toolbar } from './Toolbar';

/** Room for the counts of a field, in pixels: they come later than the rows. */
const A_FACET = 36;

export default function ListPage({ kind }: { kind: Kind }) {
  const text = useText();
  const { language } = usePreferences();
  const { own } = useOwn();
  const search = withOwnColumns(usePlace().search, own.columns?.[kind.name]);
  const address = kind.address ?? '';
  const query = asked(kind, search);
  const found = useQuery({
    queryKey: ['list', address, query.toString(), language],
    queryFn: ({ signal }) => request<Page>(withOwnWrites(withQuery(address, query)), { signal }),
    placeholderData: (before) => before,
  });
  const ofAll = askedOfAll(kind, search);
  const sums = useQuery({
    queryKey: ['list', address, ofAll.toString(), language],
    queryFn: ({ signal }) =>
      request<Page>(withOwnWrites(withQuery(address, ofAll)), { signal }),
    placeholderData: (before) => before,
  });
  const known = useKnown();
  const past = useMoment() !== null;
  const [chosen, setChosen] = useState<string[]>([]);
  const mayBatch = !past && batchable(known, kind).length > 0;
  const ask = (next: URLSearchParams) => {
    setChosen([]);
    go(withQuery(address, next));
  };
  const isFiltered = conditionsOf(search).length > 0 || search.has('q');
  return (
    <div className="page">
      <div className="page-head">
        <Typography.Title level={1}>{kind.plural}</Typography.Title>
        {sums.data !== undefined && <Count page={sums.data} />}
        {found.data !== undefined && <Stale freshness={found.data.freshness} />}
        <span className="grow" />
        <Commands kind={kind} beginning />
      </div>
      <Toolbar kind={kind} search={search} ask={ask} />
      <Batch
        kind={kind}
        rows={found.data?.data ?? []}
        chosen={chosen}
        onAll={setChosen}
        onDone={() => setChosen([])}
      />
      <Conditions kind={kind} search={search} ask={ask} names={found.data?.names} />
      {sums.isPending ? (
        <div style={{ height: facetsOf(kind).length * A_FACET }} />
      ) : (
        <Facets
          kind={kind}
          facets={sums.data?.facets}
          atLeast={sums.data?.facets_of !== undefined}
          search={search}
          ask={ask}
        />
      )}
      {found.error !== null ? (
        <Failed error={found.error} again={() => void found.refetch()} />
      ) : (
        <Rows
          kind={kind}
          page={found.data}
          totals={sums.data?.totals}
          search={search}
          ask={ask}
          chosen={chosen}
          onChosen={mayBatch ? setChosen : undefined}
          loading={found.isFetching && (found.isPending || found.isPlaceholderData)}
          empty={
            isFiltered ? (
              <>
                {text('list.empty')}{' '}
                <Button type="link" onClick={() => go(address)}>
                  {text('list.clear')}
                </Button>
              </>
            ) : (
              text('list.none')
            )
          }
        />
      )}
      <Pager page={found.data} search={search} ask={ask} />
    </div>
  );
}

function Count({ page }: { page: Page }) {
  const text = useText();
  const { language } = usePreferences();
  if (page.count === undefined) return null;
  const n = new Intl.NumberFormat(language).format(page.count);
  return (
    <Typography.Text type="secondary">
      {text(page.capped === true ? 'list.countMore' : 'list.count', { n })}
    </Typography.Text>
  );
}
