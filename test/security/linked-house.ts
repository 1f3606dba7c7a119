// An estate over real links under a charter of several people, with a device that is known for each relay: what most attacks begin with.
import type { Charter } from '#shared/model/charter.ts';
import type { ManifestTarget } from '#shared/model/manifest.ts';
import { type LabProcess, startLabProcess } from '#test/lab/lab-process.ts';
import type { Ending } from './ending.ts';
import {
  AuditWatch,
  type LinkedEstate,
  type LinkedRelay,
  putCharter,
  startLinkedEstate,
  until,
} from './linked-estate.ts';
import { joinLab } from './owned-links.ts';
import { LAB } from './owned-roster.ts';
import { makePeople, type People, teamCharter } from './trust-estate.ts';

/** Every relay pins the charter within this, on a machine that is busy too. */
const PINNED_MS = 20_000;

export interface House {
  estate: LinkedEstate;
  lab: LabProcess;
  audit: AuditWatch;
  people: People;
  charter: Charter;
  devices: readonly ManifestTarget[];
}

export async function openHouse(
  folder: string,
  size: { relays: number; devices: number },
  ending: Ending,
): Promise<House> {
  const lab = await startLabProcess({ devices: size.devices, base: LAB });
  ending.add(() => lab.stop());
  const estate = await startLinkedEstate(folder, size.relays, ending);
  const audit = new AuditWatch(estate.database);
  const devices = await joinLab(estate, lab);
  const people = await makePeople();
  const charter = teamCharter(people, { site: estate.site });
  await putCharter(estate, charter);
  const isPinned = await until(() => audit.about('charter.accept').size === size.relays, PINNED_MS);
  if (!isPinned) throw new Error('not every relay pinned the charter of several people');
  return { estate, lab, audit, people, charter, devices };
}

/** A device of the n-th relay. */
export const targetsOf = ({ devices }: Pick<House, 'devices'>, n: number): ManifestTarget[] => devices.slice(n, n + 1);

/** Orders that these relays have taken, as their journals say. */
export const takenAt = (relays: readonly LinkedRelay[]): number => relays.reduce((sum, { taken }) => sum + taken(), 0);
