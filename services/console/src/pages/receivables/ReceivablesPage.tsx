/** What customers owe and for how long, and the payments that settle nothing yet. */
import { Tabs, Typography } from 'antd';
import { useKnown } from '../../api/catalogue';
import { withQuery } from '../../api/client';
import { useText } from '../../app/preferences';
import { go, usePlace } from '../../app/route';
import { Ageing } from './Ageing';
import { Allocation } from './Allocation';

export default function ReceivablesPage() {
  const text = useText();
  const known = useKnown();
  const { path, search } = usePlace();
  const figure = known.figure('receivables_ageing');
  const show = (tab: string) => {
    const next = new URLSearchParams(search);
    next.set('tab', tab);
    go(withQuery(path, next), { replace: true });
  };
  const tabs = [
    ...(figure === undefined
      ? []
      : [{ key: 'ageing', label: figure.label, children: <Ageing figure={figure} /> }]),
    ...(known.hasList('receipt') && known.hasList('invoice')
      ? [{ key: 'allocation', label: text('receivables.allocation'), children: <Allocation /> }]
      : []),
  ];
  return (
    <div className="page">
      <div className="page-head">
        <Typography.Title level={1}>{text('receivables.title')}</Typography.Title>
      </div>
      <Tabs activeKey={search.get('tab') ?? tabs[0]?.key} onChange={show} items={tabs} destroyOnHidden />
    </div>
  );
}
