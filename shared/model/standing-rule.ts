// The rule of a standing order: which devices it reaches, said in facts that a relay reads from a device itself and in nothing a console writes.
import { compileFilter, type FieldAccess } from '#shared/base/filter/compile-filter.ts';
import { type Field, type Filter, type Term, termsOf } from '#shared/base/filter/filter.ts';
import { parseFilter } from '#shared/base/filter/parse-filter.ts';
import { isInRange, isRange } from '#shared/base/ip-range.ts';
import { type DeviceIdentity, matchIdentity } from './device-identity.ts';
import { DEVICE_SYSTEMS } from './device-words.ts';

/** What a relay has read of a device over a session that showed the pinned identity. Absent: not known. */
export interface KnownFacts {
  system?: string | undefined;
  /** "debian", "ubuntu", as the system names itself to programs. */
  os?: string | undefined;
  version?: string | undefined;
  hostname?: string | undefined;
  /** The one that answered, never the one a roster names. */
  address?: string | undefined;
  /** How the session was made. */
  transport?: string | undefined;
}

// Whole values only: "any part of it" reaches more than a signer had in mind. A star says where anything may stand.
const whole: Field = { kind: 'label', isSortable: false };
const choice = (choices: readonly string[]): Field => ({ kind: 'choice', choices, isSortable: false });

/** No tag, group, name or site: the console writes those. Site and relay stand in the order, which is signed. */
export const RULE_FIELDS = {
  system: choice(DEVICE_SYSTEMS.filter((system) => system !== 'unknown')),
  os: whole,
  version: whole,
  hostname: whole,
  address: whole,
  transport: choice(['ssh', 'local']),
} as const satisfies Record<keyof KnownFacts, Field>;

/** Longer than a person reads twice before signing. */
export const MAX_RULE_LENGTH = 500;

const isRuleField = (name: string): name is keyof KnownFacts => Object.hasOwn(RULE_FIELDS, name);

export type ReadRule = { ok: true; filter: Filter } | { ok: false; message: string };

/** Says what is wrong in words; the language is that of the fleet's filter (docs/filter.md). */
export function readRule(text: string): ReadRule {
  if (text.length > MAX_RULE_LENGTH) return wrong(`a rule has at most ${MAX_RULE_LENGTH} characters`);
  const read = parseFilter(text, RULE_FIELDS);
  if (!read.ok)
    return wrong(
      read.code === 'unknown-field'
        ? `${read.message}. A rule asks for what the relay reads itself: tags, groups, names and sites are the console's`
        : read.message,
    );
  const terms = termsOf(read.filter);
  if (terms.length === 0) return wrong('a rule asks for one thing at least, such as hostname:web-*');
  for (const term of terms) {
    const fault = termFault(term);
    if (fault !== undefined) return wrong(fault);
  }
  return { ok: true, filter: read.filter };
}

const wrong = (message: string): ReadRule => ({ ok: false, message });

function termFault(term: Term): string | undefined {
  if (term.type === 'word') return `"${term.pattern.join('*')}" stands alone: name a field, such as hostname:web-*`;
  if (term.type !== 'text') return 'a rule names values: what a relay does not know of a device never fits';
  if (term.field !== 'address') return undefined;
  const odd = term.values.find((value) => value.length > 1 || !isRange(value[0] ?? ''));
  return odd === undefined ? undefined : `"${odd.join('*')}" is no address range: write 10.0.0.0/24`;
}

const askedOf = (filter: Filter): string[] => [
  ...new Set(termsOf(filter).flatMap((term) => (term.type === 'text' ? [term.field] : []))),
];

/** Whether everything that the rule names is known of a device. */
export const isKnownTo = (filter: Filter, facts: KnownFacts): boolean =>
  askedOf(filter).every((field) => factOf(facts, field) !== '');

/** Whether a device fits. One of which a fact is not known that the rule names fits never, not even under a "not". */
export function ruleTest(filter: Filter): (facts: KnownFacts) => boolean {
  const asked = askedOf(filter);
  const ranges = termsOf(filter)
    .flatMap((term) => (term.type === 'text' && term.field === 'address' ? term.values : []))
    .map(([range = '']) => range.toLowerCase());
  const access: FieldAccess<KnownFacts> = {
    text: (field, test) =>
      field === 'address'
        ? ({ address = '' }) => ranges.some((range) => test(range) && isInRange(address, range))
        : (facts) => test(factOf(facts, field)),
    word: () => () => false,
    number: () => () => Number.NaN,
  };
  const fits = compileFilter(filter, access, 0);
  return (facts) => asked.every((field) => factOf(facts, field) !== '') && fits(facts);
}

const factOf = (facts: KnownFacts, field: string): string =>
  (isRuleField(field) ? (facts[field] ?? '') : '').toLowerCase();

export interface RuleCandidate<Id extends string = string> {
  device: Id;
  facts: KnownFacts;
  /** As it is pinned. */
  identity: DeviceIdentity;
}

/**
 * Those that fit, by their ids in order: the same devices are the same canary each time. Of two rows for one machine the first
 * counts, because a machine that was entered twice is not acted on twice.
 */
export function fitting<Id extends string, One extends RuleCandidate<Id>>(
  filter: Filter,
  candidates: readonly One[],
): One[] {
  const fits = ruleTest(filter);
  const found: One[] = [];
  for (const one of candidates.filter(({ facts }) => fits(facts)).sort(byDevice))
    if (!found.some(({ identity }) => matchIdentity(identity, one.identity).verdict === 'same')) found.push(one);
  return found;
}

const byDevice = (a: RuleCandidate, b: RuleCandidate): number =>
  a.device < b.device ? -1 : a.device > b.device ? 1 : 0;

/** By what a machine is known again although a console enters it under another id. */
export const identityMarks = ({ machineId, smbiosUuid, serial, hostKey }: DeviceIdentity): string[] =>
  Object.entries({ machineId, smbiosUuid, serial, hostKey }).flatMap(([kind, value]) =>
    value === undefined ? [] : [`${kind} ${value}`],
  );
