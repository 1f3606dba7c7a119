// What may, must and must not be installed: rules that a relay holds the programs of its devices to.
import { z } from 'zod';
import { DeviceSystem } from './device.ts';
import type { SecurityCheck } from './security-scan.ts';

/** A name with `*` for any text, in any case. No regular expression: a rule costs what its length costs. */
const Pattern = z.string().trim().min(1).max(200);
const Systems = z.array(DeviceSystem).max(5).optional();

export const SoftwareRules = z.strictObject({
  /** Must not be there. */
  forbidden: z
    .array(
      z.strictObject({
        name: Pattern,
        publisher: Pattern.optional(),
        systems: Systems,
        reason: z.string().max(200).optional(),
      }),
    )
    .max(500)
    .default([]),
  /** Must be there. */
  required: z
    .array(z.strictObject({ name: Pattern, systems: Systems }))
    .max(200)
    .default([]),
  /** Where it is there, no older and no newer than this. */
  versions: z
    .array(
      z
        .strictObject({
          name: Pattern,
          min: z.string().trim().min(1).max(64).optional(),
          max: z.string().trim().min(1).max(64).optional(),
          systems: Systems,
        })
        .refine(
          ({ min, max }) => min !== undefined || max !== undefined,
          'a version rule names a least or a highest version',
        ),
    )
    .max(500)
    .default([]),
});
export type SoftwareRules = z.infer<typeof SoftwareRules>;

/** Body of the fact `software-audit`. */
export type SoftwareAudit = {
  findings: Array<{
    rule: 'forbidden' | 'required' | 'version';
    /** The rule's pattern. */
    name: string;
    /** What was found; null where it is missing. */
    software: string | null;
    version: string | null;
    /** What the rule says: ">= 3.2", "<= 8", the reason; null where there is nothing to say. */
    wanted: string | null;
  }>;
  /** One of each kind of rule, for pages that show checks. */
  checks: SecurityCheck[];
  forbidden: number;
  missing: number;
  /** Versions outside their rule, and those that nobody could read. */
  versions: number;
  /** How many rules were looked at. */
  rules: number;
  isTruncated: boolean;
};
