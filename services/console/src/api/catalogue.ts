/** What there is, found by name; every page is made from it. */
import { createContext, useContext } from 'react';
import type { Catalogue, Command, Field, Figure, Kind } from './shapes';

export class Known {
  private readonly kinds: Map<string, Kind>;
  private readonly lists: Map<string, Kind>;
  private readonly commands: Map<string, Command>;
  private readonly figures: Map<string, Figure>;
  private readonly events: Map<string, Catalogue['events'][number]>;
  private readonly digits: Map<string, number>;

  constructor(readonly all: Catalogue) {
    this.kinds = new Map(all.kinds.map((one) => [one.name, one]));
    this.lists = new Map(all.kinds.map((one) => [one.address ?? '', one]));
    this.commands = new Map(all.commands.map((one) => [one.name, one]));
    this.figures = new Map(all.figures.map((one) => [one.name, one]));
    this.events = new Map(all.events.map((one) => [one.name, one]));
    this.digits = new Map(all.currencies.map((one) => [one.code, one.digits]));
  }

  kind(name: string): Kind | undefined {
    return this.kinds.get(name);
  }

  /** Whether the reader has a list of that kind. */
  hasList(name: string): boolean {
    return typeof this.kinds.get(name)?.address === 'string';
  }

  kindOfList(list: string): Kind | undefined {
    return this.lists.get(`/${list}`);
  }

  command(name: string): Command | undefined {
    return this.commands.get(name);
  }

  figure(name: string): Figure | undefined {
    return this.figures.get(name);
  }

  /** What people call a read model: the list it is, or the figures that are asked of it. */
  view(name: string): string | undefined {
    const figures = this.all.figures.filter((one) => one.view === name || one.name === name);
    const [first, ...others] = figures.map((one) => one.label);
    return this.kindOfList(name)?.plural ?? (first && others.length > 0 ? `${first} …` : first);
  }

  /** A measure of the figure, or where it has none of that name of another figure of its context. */
  measure(figure: Figure, name: string | null): Field | undefined {
    const beside = this.all.figures.filter((one) => one.context === figure.context);
    return [figure, ...beside].flatMap((one) => one.measures).find((one) => one.name === name);
  }

  /** The figures that rank. */
  boards(): Figure[] {
    return this.all.figures.filter((one) => one.name.startsWith('rankings-'));
  }

  event(name: string): Catalogue['events'][number] | undefined {
    return this.events.get(name);
  }

  /** Whether the reader keeps that part of the platform in order. */
  operates(what: string): boolean {
    return (this.all.operations ?? []).includes(what);
  }

  digitsOf(currency: string | undefined): number {
    return this.digits.get(currency ?? '') ?? 2;
  }

  /** The kind and the id in a stream's name, such as `order-SO-1`. */
  thingOf(stream: string): { kind: Kind; id: string } | undefined {
    for (let end = stream.indexOf('-'); end > 0; end = stream.indexOf('-', end + 1)) {
      const kind = this.kinds.get(stream.slice(0, end));
      if (kind !== undefined) return { kind, id: stream.slice(end + 1) };
    }
    return undefined;
  }

  /** The address of a thing's card, where its kind has one that may be read. */
  cardOf(kind: string, id: string): string | undefined {
    const address = this.kinds.get(kind)?.address;
    return address === undefined || address === null
      ? undefined
      : `${address}/${encodeURIComponent(id)}`;
  }

  /** Fields of other kinds that may hold an id of this one, and can be filtered by it. */
  referringTo(kind: string): { kind: Kind; field: Field }[] {
    return this.all.kinds
      .filter((one) => one.address !== undefined && one.address !== null)
      .flatMap((one) =>
        (one.fields ?? [])
          .filter((field) => field.filtered === true && field.name !== 'id')
          .filter((field) => (field.names ?? []).includes(kind))
          .map((field) => ({ kind: one, field })),
      );
  }
}

export const KnownContext = createContext<Known | null>(null);

export function useKnown(): Known {
  const known = useContext(KnownContext);
  if (known === null) throw new Error('There is no catalogue around this component.');
  return known;
}
