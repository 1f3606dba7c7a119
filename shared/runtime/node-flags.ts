// The two flags every program of ours runs with: no text becomes code, and no object's prototype is reached by a member's name.
import type { Logger } from './logger.ts';

/** What a hostile text would need: `eval` and its kin, and `__proto__`. */
export const NODE_FLAGS: readonly string[] = ['--disable-proto=delete', '--disallow-code-generation-from-strings'];

/** For a child of ours: the flags of its parent, and those two. */
export const withNodeFlags = (execArgv: readonly string[]): string[] => [
  ...execArgv.filter((flag) => !NODE_FLAGS.includes(flag)),
  ...NODE_FLAGS,
];

/** What this process still lets a text do; empty under the flags. Proven by trying, as an environment may set or unset them. */
export function looseEnds(): string[] {
  const loose: string[] = [];
  if ('__proto__' in Object.prototype) loose.push('__proto__');
  try {
    // A constant: nothing of anybody's is made into code.
    Reflect.construct(Function, ['return 0']);
    loose.push('code of a text');
  } catch {
    // As it should be.
  }
  return loose;
}

/** Whoever starts a program by a way of their own hears what they left out: it runs all the same. */
export function warnOfLooseEnds(log: Logger): void {
  const missing = looseEnds();
  if (missing.length > 0)
    log.warn({ missing, flags: NODE_FLAGS.join(' ') }, 'started without the flags that make Node stricter');
}
