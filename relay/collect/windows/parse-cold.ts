// Reads the answers of the inventory into facts.
import type { ColdReading } from '#relay/collect/collector.ts';
import { rowsOf } from './ask-cim.ts';
import type { ColdAnswers } from './cold-questions.ts';
import { deviceFacts } from './parse-devices.ts';
import { machineFacts } from './parse-machine.ts';
import { networkFacts } from './parse-network.ts';
import { securityFacts } from './parse-security.ts';
import { softwareFacts } from './parse-software.ts';
import { windowsSecurityScan } from './security-scan.ts';

const READERS = [machineFacts, deviceFacts, networkFacts, softwareFacts, securityFacts];

/** A kind that was refused says so in its body; one that was not answered in time is absent. */
export function parseWindowsCold(answers: ColdAnswers): ColdReading {
  const facts = READERS.flatMap((read) => read(answers));
  const [system] = rowsOf(answers.system) ?? [];
  return { facts: [...facts, windowsSecurityScan(facts, system?.LocalDateTime)] };
}
