// Whether a relay may poll more devices, and which of its site's defaults they begin with.
import { type Scope, seesSite } from '#console/access/scope.ts';
import type { Tx } from '#console/store/engine.ts';
import { AppError } from '#shared/base/errors.ts';
import type { RelayId, SiteId } from '#shared/base/id.ts';
import { MAX_ROSTER_DEVICES, type TransportKind } from '#shared/model/device.ts';
import { findRosterOwner, type RosterOwner } from './roster-repository.ts';

/** The relay that may take `more` devices, or the reason why it may not. */
export async function rosterOwner(
  tx: Tx,
  { relay, scope }: { relay: RelayId; scope: Scope },
  more: number,
): Promise<RosterOwner> {
  const owner = await findRosterOwner(tx, relay);
  if (owner === undefined || !seesSite(scope, owner.siteId))
    throw new AppError('not-found', `relay ${relay} does not exist`);
  if (owner.isRevoked) throw new AppError('conflict', `relay ${relay} is revoked: it polls nothing`);
  const most = owner.kind === 'leaf' ? 1 : MAX_ROSTER_DEVICES;
  if (owner.devices + more > most) {
    const why = owner.kind === 'leaf' ? 'a leaf polls its own machine alone' : `it holds ${owner.devices} already`;
    throw new AppError('too-large', `relay ${relay}: at most ${most} devices, ${why}`);
  }
  return owner;
}

/** Another relay of the device's site may poll it, unless the device is the very machine its relay runs on. */
export async function checkMove(
  tx: Tx,
  device: { name: string; siteId: SiteId; transport: TransportKind },
  { relay: to, scope }: { relay: RelayId; scope: Scope },
): Promise<void> {
  const name = `device ${device.name}`;
  if (device.transport === 'local')
    throw new AppError('conflict', `${name}: only the relay that runs on it can poll it without a network`);
  const owner = await rosterOwner(tx, { relay: to, scope }, 1);
  if (owner.siteId !== device.siteId) throw new AppError('conflict', `${name}: relay ${to} is of another site`);
  if (owner.kind === 'leaf') throw new AppError('conflict', `${name}: a leaf polls its own machine alone`);
}
