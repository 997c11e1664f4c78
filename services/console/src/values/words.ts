/** Two texts word by word: what stays, and what only one of them has. */
export interface Piece {
  words: string;
  stays: boolean;
}

/** Longer ones are told as a whole. */
const MOST = 300;

function split(text: string): string[] {
  const words = new Intl.Segmenter(undefined, { granularity: 'word' }).segment(text);
  return [...words].map((one) => one.segment);
}

/** How long the longest common rest of both is, from each place on. */
function rests(one: string[], other: string[]): number[][] {
  const long = [...one, ''].map(() => new Array<number>(other.length + 1).fill(0));
  for (let i = one.length - 1; i >= 0; i -= 1) {
    for (let j = other.length - 1; j >= 0; j -= 1) {
      const [here, below] = [long[i] ?? [], long[i + 1] ?? []];
      here[j] = one[i] === other[j] ? (below[j + 1] ?? 0) + 1 : Math.max(below[j] ?? 0, here[j + 1] ?? 0);
    }
  }
  return long;
}

function joined(pieces: Piece[]): Piece[] {
  return pieces.reduce<Piece[]>((all, one) => {
    const last = all.at(-1);
    if (last?.stays !== one.stays) return [...all, one];
    return [...all.slice(0, -1), { words: last.words + one.words, stays: one.stays }];
  }, []);
}

/** The pieces of both, each in its own order. */
export function piecesOf(before: string, after: string): [Piece[], Piece[]] {
  const [one, other] = [split(before), split(after)];
  if (Math.max(one.length, other.length) > MOST) {
    return [[{ words: before, stays: false }], [{ words: after, stays: false }]];
  }
  const long = rests(one, other);
  const [was, is]: [Piece[], Piece[]] = [[], []];
  let [i, j] = [0, 0];
  while (i < one.length || j < other.length) {
    const [left = '', right = ''] = [one[i], other[j]];
    if (i < one.length && j < other.length && left === right) {
      was.push({ words: left, stays: true });
      is.push({ words: right, stays: true });
      i += 1;
      j += 1;
    } else if (j < other.length && (i >= one.length || (long[i]?.[j + 1] ?? 0) >= (long[i + 1]?.[j] ?? 0))) {
      is.push({ words: right, stays: false });
      j += 1;
    } else {
      was.push({ words: left, stays: false });
      i += 1;
    }
  }
  return [joined(was), joined(is)];
}
