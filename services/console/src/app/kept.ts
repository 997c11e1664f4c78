/** What the browser keeps for the reader: for all its tabs, or in one of them. */

/** What is kept under a key; `otherwise` where nothing is, or nothing that can be read. */
export function kept<T>(key: string, otherwise: T, place: Storage = localStorage): T {
  try {
    return (JSON.parse(place.getItem(key) ?? 'null') as T | null) ?? otherwise;
  } catch {
    return otherwise;
  }
}

export function keepAs(key: string, value: unknown, place: Storage = localStorage): void {
  place.setItem(key, JSON.stringify(value));
}
