/** Pages of their own, beside those made from the catalogue: shown to whoever may see what they show. */
import { FunnelPlotOutlined, HeatMapOutlined, TrophyOutlined } from '@ant-design/icons';
import { lazy, type ComponentType, type ReactNode } from 'react';
import type { Known } from '../api/catalogue';
import type { TextName } from '../texts';

export interface OwnPage {
  path: string;
  title: TextName;
  icon: ReactNode;
  Page: ComponentType;
  fits: (known: Known) => boolean;
}

export const OWN_PAGES: OwnPage[] = [
  {
    path: '/pipeline',
    title: 'pipeline.title',
    icon: <FunnelPlotOutlined />,
    Page: lazy(() => import('../pages/pipeline/PipelinePage')),
    fits: (known) => known.figure('funnel') !== undefined && known.hasList('opportunity'),
  },
  {
    path: '/rankings',
    title: 'rankings.title',
    icon: <TrophyOutlined />,
    Page: lazy(() => import('../pages/rankings/RankingsPage')),
    fits: (known) => known.boards().length > 0,
  },
  {
    path: '/dealer-stock',
    title: 'dealerStock.title',
    icon: <HeatMapOutlined />,
    Page: lazy(() => import('../pages/dealer-stock/DealerStockPage')),
    fits: (known) => known.figure('stock') !== undefined,
  },
];
