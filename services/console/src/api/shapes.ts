/** The shapes of the API's answers, out of its own document. */
import type { components } from './schema';

type Schemas = components['schemas'];

export type Catalogue = Schemas['Catalogue'];
export type Field = Schemas['FieldPart'];
export type Kind = Schemas['KindPart'];
export type Command = Schemas['CommandPart'];
export type Figure = Schemas['FigurePart'];
export type CurrentSession = Schemas['CurrentSession'];
export type Inbox = Schemas['NoticeList'];
export type Status = Schemas['Status'];
export type ParkedList = Schemas['ParkedList'];
export type SkippedList = Schemas['SkippedList'];
export type Deadline = Schemas['DeadlineRow'];
export type ImportJob = Schemas['Import'];
export type UploadedFile = Schemas['FileShape'];
export type AttachedFile = Schemas['AttachedShape'];
export type UndoJob = Schemas['Undo'];
export type BatchOutcome = Schemas['BatchOutcome'];
export type AccessNote = Schemas['AccessRow'];
export type SettingsShape = Schemas['SettingsShape'];
export type SettingsStep = Schemas['SettingsStep'];
export type PointLotsAnswer = Schemas['PointLotsAnswer'];
export type PointLot = Schemas['PointLot'];
export type PointRedemption = Schemas['PointRedemption'];
export type SettingsTriedList = Schemas['SettingsTriedList'];
export type Job = Schemas['JobShape'];
export type TrialReport = Schemas['TrialShape'];
export type RebuildOutcome = Schemas['RebuildOutcome'];
export type IntegrityOutcome = Schemas['IntegrityOutcome'];
export type Generations = Schemas['GenerationsOfView'];
export type Destination = Schemas['DestinationShape'];
export type Delivery = Schemas['DeliveryShape'];
export type Subscription = Schemas['SubscriptionShape'];
export type MadeDestination = Schemas['MadeDestination'];
export type CalendarAddress = Schemas['CalendarAddress'];
export type MadeCalendarAddress = Schemas['MadeCalendarAddress'];
export type DemoPerson = Schemas['DemoPersonShape'];

export type Row = Record<string, unknown>;
/** Of each field that holds ids, what they are called. */
export type Names = Record<string, Record<string, string>>;

export interface Freshness {
  position: number;
  /** Where the log ends. */
  head: number;
  lag_events: number;
  lag_seconds: number;
  as_of: string | null;
}

export interface Facet {
  values: { value: string | null; count: number }[];
  more: number;
}

export interface ListPage {
  data: Row[];
  cursor: string | null;
  next: string | null;
  count?: number;
  capped?: boolean;
  facets?: Record<string, Facet>;
  /** There are more rows than these, which facets were counted over. */
  facets_of?: number;
  totals?: Record<string, number | Record<string, number>>;
  names?: Names;
  asked?: { words: string; where: string };
  freshness: Freshness;
}

/** Of a list in a dossier: how many there are, and the latest of them. */
export interface DossierPart {
  count: number;
  rows: Row[];
}

/** One thing with all that hangs on it; what the reader may not see is not there. */
export interface Dossier {
  data: Row;
  parts: Record<string, DossierPart | Row[] | undefined>;
  names: Names;
  freshness: Freshness;
}

export interface NextStep {
  command: string;
  label: string;
  address: string;
  amends: boolean;
}

export interface Thing {
  data: Row;
  names?: Names;
  next?: NextStep[];
  freshness: Freshness;
}

export interface Change {
  version: number;
  position: number;
  occurred_at: string;
  recorded_at: string;
  type: string;
  changes: Record<string, { from: unknown; to: unknown }>;
}

export interface LoggedEvent {
  position: number;
  stream: string;
  version: number;
  type: string;
  occurred_at: string;
  recorded_at: string;
  actor: string;
  command_id: string;
  correlation_id: string;
  causation_id: string | null;
  digest: string;
  data: Row;
}

export interface WhyRow extends Omit<LoggedEvent, 'data' | 'version' | 'digest'> {
  line: number;
  dimensions: Record<string, string>;
  change: Record<string, number>;
}

export interface WhyPage {
  figure: Record<string, number>;
  rows: WhyRow[];
  cursor: string | null;
  next: string | null;
  freshness: Freshness;
}

export interface Page<T> {
  data: T[];
  cursor: string | null;
  next: string | null;
}
