// Groups of devices: by hand, or by a rule in the words of the fleet's filter.
import { z } from 'zod';
import { plainName } from './plain-name.ts';

export const GroupName = plainName(80);
/** `rule` members are computed from the filter; `hand` members are put in and taken out by people. */
export const GroupKind = z.enum(['hand', 'rule']);
export type GroupKind = z.infer<typeof GroupKind>;
