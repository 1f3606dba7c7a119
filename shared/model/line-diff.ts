// What changed between two texts, line by line: what people read before they sign the next version of a script.

export interface DiffLine {
  kind: 'same' | 'removed' | 'added';
  text: string;
}

/** Cells of the table below, 16 MB: 2,000 lines that changed on each side. Beyond it all that differs is removed and added. */
const MAX_CELLS = 4_000_000;

/** The longest common run of lines stays, as few others as may be are removed and added. */
export function diffLines(before: string, after: string): DiffLine[] {
  const [a, b] = [before.split('\n'), after.split('\n')];
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) start += 1;
  let end = 0;
  while (end < a.length - start && end < b.length - start && a.at(-1 - end) === b.at(-1 - end)) end += 1;
  const same = (lines: readonly string[]): DiffLine[] => lines.map((text) => ({ kind: 'same', text }));
  const middle = middleOf(a.slice(start, a.length - end), b.slice(start, b.length - end));
  return [...same(a.slice(0, start)), ...middle, ...same(a.slice(a.length - end))];
}

function middleOf(a: readonly string[], b: readonly string[]): DiffLine[] {
  const width = b.length + 1;
  if ((a.length + 1) * width > MAX_CELLS) return walk(a, b, () => -1);
  // Length of the longest common subsequence of what is left of both, from the end on.
  const common = new Uint32Array((a.length + 1) * width);
  for (let i = a.length - 1; i >= 0; i -= 1)
    for (let j = b.length - 1; j >= 0; j -= 1) {
      const [down = 0, right = 0, both = 0] = [
        common[(i + 1) * width + j],
        common[i * width + j + 1],
        common[(i + 1) * width + j + 1],
      ];
      common[i * width + j] = a[i] === b[j] ? both + 1 : Math.max(down, right);
    }
  return walk(a, b, (i, j) => common[i * width + j] ?? 0);
}

function walk(a: readonly string[], b: readonly string[], left: (i: number, j: number) => number): DiffLine[] {
  const lines: DiffLine[] = [];
  let [i, j] = [0, 0];
  for (;;) {
    const [old, young] = [a[i], b[j]];
    if (old === undefined && young === undefined) return lines;
    if (old !== undefined && old === young && left(i, j) >= 0) {
      lines.push({ kind: 'same', text: old });
      i += 1;
      j += 1;
    } else if (old !== undefined && (young === undefined || left(i + 1, j) >= left(i, j + 1))) {
      lines.push({ kind: 'removed', text: old });
      i += 1;
    } else {
      lines.push({ kind: 'added', text: young ?? '' });
      j += 1;
    }
  }
}

/** Lines around a change that are shown with it. */
const AROUND = 3;

/** Only what changed, and what stands around it; undefined stands for lines that were left out. */
export function shortDiff(lines: readonly DiffLine[]): Array<DiffLine | undefined> {
  const near = lines.map((_, n) =>
    lines.slice(Math.max(0, n - AROUND), n + AROUND + 1).some(({ kind }) => kind !== 'same'),
  );
  return lines.flatMap((line, n) => {
    if (near[n] === true) return [line];
    return n === 0 || near[n - 1] === true ? [undefined] : [];
  });
}
