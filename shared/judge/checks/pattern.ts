// Names with `*` for any text, in any case; no pattern is every name.
import { patternTest } from '#shared/base/filter/compile-filter.ts';

export function fitsPattern(pattern: string | undefined): (name: string) => boolean {
  // A lone star takes the device itself too, whose instance is "".
  if (pattern === undefined || pattern === '*') return () => true;
  const test = patternTest(pattern.split('*'), 'is');
  return (name) => test(name.toLowerCase());
}
