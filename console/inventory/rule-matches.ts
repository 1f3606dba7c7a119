// Which devices of a relay fit the rule of a standing order, as far as the console was told: a preview for whoever signs, and no more.
import type { Scope } from '#console/access/scope.ts';
import type { Db } from '#console/store/engine.ts';
import { AppError } from '#shared/base/errors.ts';
import type { RelayId } from '#shared/base/id.ts';
import { fitting, isKnownTo, readRule } from '#shared/model/standing-rule.ts';
import { devicesForRule } from './rule-repository.ts';

/** The relay's own reading counts when the order fires; what it knows and this console does not is counted as unknown. */
export async function ruleMatches(db: Db, scope: Scope, relay: RelayId, text: string) {
  const read = readRule(text);
  if (!read.ok) throw new AppError('bad-request', `rule: ${read.message}`);
  const devices = await devicesForRule(db, scope, relay);
  const items = fitting(read.filter, devices).map(({ device: id, name }) => ({ id, name }));
  return { items, unknown: devices.filter(({ facts }) => !isKnownTo(read.filter, facts)).length };
}
