/** Pages of their own, beside those made from the catalogue: shown to whoever may see what they show. */
import {
  AimOutlined,
  ControlOutlined,
  ExperimentOutlined,
  FunnelPlotOutlined,
  HeatMapOutlined,
  MonitorOutlined,
  PayCircleOutlined,
  SafetyOutlined,
  SendOutlined,
  ThunderboltOutlined,
  TrophyOutlined,
  UploadOutlined,
} from '@ant-design/icons';
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
  {
    path: '/receivables',
    title: 'receivables.title',
    icon: <PayCircleOutlined />,
    Page: lazy(() => import('../pages/receivables/ReceivablesPage')),
    fits: (known) => known.figure('receivables_ageing') !== undefined,
  },
  {
    path: '/target-tree',
    title: 'targets.title',
    icon: <AimOutlined />,
    Page: lazy(() => import('../pages/targets/TargetsPage')),
    fits: (known) => known.figure('attainment') !== undefined,
  },
  {
    path: '/import',
    title: 'import.title',
    icon: <UploadOutlined />,
    Page: lazy(() => import('../pages/import/ImportPage')),
    fits: (known) => known.operates('imports') && known.all.commands.some((one) => one.begins === true),
  },
  {
    path: '/stream',
    title: 'stream.title',
    icon: <ThunderboltOutlined />,
    Page: lazy(() => import('../pages/stream/StreamPage')),
    fits: (known) => known.all.events.length > 0,
  },
  {
    path: '/destinations',
    title: 'destinations.title',
    icon: <SendOutlined />,
    Page: lazy(() => import('../pages/destinations/DestinationsPage')),
    fits: (known) => known.command('subscribe') !== undefined,
  },
  {
    path: '/operations',
    title: 'operations.title',
    icon: <MonitorOutlined />,
    Page: lazy(() => import('../pages/operations/OperationsPage')),
    fits: (known) => ['status', 'parked', 'imports', 'integrity'].some((one) => known.operates(one)),
  },
  {
    path: '/access',
    title: 'access.title',
    icon: <SafetyOutlined />,
    Page: lazy(() => import('../pages/access/AccessPage')),
    fits: (known) => known.hasList('account'),
  },
  {
    path: '/settings',
    title: 'settings.title',
    icon: <ControlOutlined />,
    Page: lazy(() => import('../pages/settings/SettingsPage')),
    fits: (known) => known.all.settings.length > 0,
  },
  {
    path: '/what-if',
    title: 'whatIf.title',
    icon: <ExperimentOutlined />,
    Page: lazy(() => import('../pages/what-if/WhatIfPage')),
    fits: (known) => known.command('change-settings') !== undefined,
  },
];
