// Names devices for a manifest: each word is one device, or the request is refused; nobody's command hits a namesake.
import type { Scope } from '#console/access/scope.ts';
import type { Db } from '#console/store/engine.ts';
import { AppError } from '#shared/base/errors.ts';
import type { DeviceId, RelayId, SiteId } from '#shared/base/id.ts';
import type { DeviceIdentity } from '#shared/model/device-identity.ts';
import { type Candidate, devicesNamed, devicesOfSite } from './target-repository.ts';

export interface DeviceTarget {
  id: DeviceId;
  name: string;
  siteId: SiteId;
  relayId: RelayId;
  /** Empty while its relay has not pinned one: the relay refuses to run on it. */
  identity: DeviceIdentity;
}

/** `words` are ids or exact names; without words, every device of `siteId`. */
export interface TargetQuery {
  words: readonly string[];
  siteId?: SiteId | undefined;
}

// 50 relays of 500 devices: the largest estate one console serves.
const MAX_TARGETS = 25_000;
/** Words listed in a message. */
const MAX_LISTED = 10;

export async function findTargets(db: Db, scope: Scope, { words, siteId }: TargetQuery): Promise<DeviceTarget[]> {
  if (words.length === 0) {
    if (siteId === undefined) throw new AppError('bad-request', 'name devices, or a site for all of its devices');
    return (await devicesOfSite(db, scope, siteId, MAX_TARGETS)).filter(isPolled).map(toTarget);
  }
  const candidates = await devicesNamed(db, scope, words, siteId);
  const targets = new Map(words.map((word) => theOne(word, candidates)).map((one) => [one.id, one]));
  return [...targets.values()].map((candidate) => {
    if (!isPolled(candidate)) throw new AppError('conflict', `device ${candidate.name}: no relay polls it`);
    return toTarget(candidate);
  });
}

type Polled = Candidate & { relayId: RelayId };
const isPolled = (candidate: Candidate): candidate is Polled => candidate.relayId !== null;

const toTarget = ({ id, name, siteId, relayId, identity }: Polled): DeviceTarget => ({
  id,
  name,
  siteId,
  relayId,
  identity: identity ?? { macs: [] },
});

/** An id wins over a name, so that no device's name can stand in for another device. */
function theOne(word: string, candidates: readonly Candidate[]): Candidate {
  const byId = candidates.find((candidate) => candidate.id === word);
  if (byId !== undefined) return byId;
  const named = candidates.filter((candidate) => candidate.name === word);
  const [first, second] = named;
  if (first === undefined) throw new AppError('not-found', `no device has the id or name "${word.slice(0, 253)}"`);
  if (second === undefined) return first;
  const ids = named.slice(0, MAX_LISTED).map((candidate) => candidate.id);
  const more = named.length > MAX_LISTED ? ', ...' : '';
  throw new AppError('conflict', `${named.length} devices are called "${word}"; use an id: ${ids.join(', ')}${more}`);
}
