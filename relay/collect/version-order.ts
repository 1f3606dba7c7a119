// Which of two versions is older, for programs of Windows and packages of Linux alike.

/** "2:1.10~rc1-3" is an epoch, then numbers and words in turn. */
function partsOf(version: string): { epoch: bigint; parts: string[] } {
  const [, epoch = '0', rest = version] = /^(\d{1,9}):(.*)$/.exec(version.trim()) ?? [];
  return { epoch: BigInt(epoch), parts: rest.toLowerCase().match(/\d+|[a-z]+|~/g) ?? [] };
}

const isNumber = (part: string | undefined): part is string => part !== undefined && /^\d/.test(part);

/** A tilde sorts before everything, an end before a number, a word before a number: 1.0~rc1 < 1.0 < 1.0.1, 1.0a < 1.0.1. */
function compareParts(a: string | undefined, b: string | undefined): number {
  if (a === b) return 0;
  if (a === '~' || b === '~') return a === '~' ? -1 : 1;
  if (isNumber(a) && isNumber(b)) {
    const [left, right] = [BigInt(a), BigInt(b)];
    return left < right ? -1 : left > right ? 1 : 0;
  }
  // Zeros at the end say nothing: 8 is 8.0.
  if (a === undefined) return isNumber(b) && BigInt(b) === 0n ? 0 : -1;
  if (b === undefined) return isNumber(a) && BigInt(a) === 0n ? 0 : 1;
  if (isNumber(a)) return 1;
  return isNumber(b) || a < b ? -1 : 1;
}

/** Below zero: `a` is older. Undefined where one of them holds no number: nobody could say. */
export function compareVersions(a: string, b: string): number | undefined {
  // 128 characters: no maker's version is longer, and a hostile one costs no more.
  const [left, right] = [partsOf(a.slice(0, 128)), partsOf(b.slice(0, 128))];
  if (!left.parts.some(isNumber) || !right.parts.some(isNumber)) return undefined;
  if (left.epoch !== right.epoch) return left.epoch < right.epoch ? -1 : 1;
  for (let index = 0; index < Math.max(left.parts.length, right.parts.length); index += 1) {
    const order = compareParts(left.parts[index], right.parts[index]);
    if (order !== 0) return order;
  }
  return 0;
}
