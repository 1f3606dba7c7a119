// What is wrong with a part that somebody drafts, in words: what its schema cannot say.
import { AppError } from '#shared/base/errors.ts';
import { WindowId } from '#shared/base/id.ts';
import { settingsFaults } from '#shared/judge/layers/effective.ts';
import { windowFault } from '#shared/judge/time/window.ts';
import type { Check } from '#shared/model/check.ts';
import { readRule } from '#shared/model/standing-rule.ts';
import type { PartWish } from '#shared/model/watch-part.ts';

/** A window has none before it is kept; none of its faults is about that. */
const NO_ID = WindowId.parse('00000000-0000-0000-0000-000000000000');

/** Throws `bad-request` with the first fault. */
export function assertPart(part: PartWish): void {
  const fault = faultOf(part);
  if (fault !== undefined) throw new AppError('bad-request', fault);
}

function faultOf(part: PartWish): string | undefined {
  if (part.kind === 'route') return undefined;
  if (part.kind === 'window') return windowFault({ ...part.body, id: NO_ID });
  const { body, places } = part;
  if (body.level === 'customer' && places.length > 0)
    return 'a layer of level customer stands at its customer, or at every one: name no places';
  if (new Set(places).size !== places.length) return 'a place is named twice';
  const faults = [...settingsFaults(body.settings), ...(body.settings.checks ?? []).map(checkFault)];
  return faults.find((fault) => fault !== undefined);
}

function checkFault({ id, fits, when }: Check): string | undefined {
  const read = fits === undefined ? undefined : readRule(fits);
  if (read?.ok === false) return `check ${id}: which devices: ${read.message}`;
  const conditions = when.kind === 'compound' ? when.of : [when];
  const empty = conditions.find((one) => 'limits' in one && Object.keys(one.limits).length === 0);
  return empty === undefined ? undefined : `check ${id}: names no limit, and would never fail`;
}
