/** What was said in packs: three cases of 24 are 72 of the product's own unit. */
export interface Packed {
  unit: string;
  quantity: number;
  factor: number;
  /** Of one pack, where a price was said. */
  unit_price?: number | null;
}

export function isPacked(value: unknown): value is Packed {
  if (typeof value !== 'object' || value === null) return false;
  return 'unit' in value && 'quantity' in value && 'factor' in value;
}

/** As `3 case (72)`. */
export function inPacks({ unit, quantity, factor }: Packed, number: (n: number) => string): string {
  return `${number(quantity)} ${unit} (${number(quantity * factor)})`;
}
