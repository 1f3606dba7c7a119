// Reads the cold script's sections into facts; a kind whose source is missing is absent.
import type { ColdReading } from '#relay/collect/collector.ts';
import type { Sections } from '#relay/collect/framed-output.ts';
import { usersFact } from '#relay/collect/parse-users.ts';
import { disksFact, hardwareFact, osFact } from './parse-machine.ts';
import { networkFact, portsFact } from './parse-network.ts';
import { packagesFact, servicesFact } from './parse-software.ts';
import { certificatesFact, restartFact, updatesFact } from './parse-upkeep.ts';

const READERS = [
  osFact,
  hardwareFact,
  disksFact,
  networkFact,
  packagesFact,
  (sections: Sections) => usersFact(sections.get('users')),
  servicesFact,
  portsFact,
  certificatesFact,
  updatesFact,
  restartFact,
];

export function parseLinuxCold(sections: Sections): ColdReading {
  return { facts: READERS.flatMap((read) => read(sections) ?? []) };
}
