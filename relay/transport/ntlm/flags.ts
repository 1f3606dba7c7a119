// What two sides of NTLM agree on (MS-NLMP 2.2.2.5), and what we never go without.

export const FLAG = {
  unicode: 0x00000001,
  requestTarget: 0x00000004,
  sign: 0x00000010,
  seal: 0x00000020,
  ntlm: 0x00000200,
  alwaysSign: 0x00008000,
  targetIsDomain: 0x00010000,
  targetIsServer: 0x00020000,
  extendedSessionSecurity: 0x00080000,
  targetInfo: 0x00800000,
  version: 0x02000000,
  key128: 0x20000000,
  keyExchange: 0x40000000,
  key56: 0x80000000,
} as const;

/** `sign` is for SMB, whose servers grant no sealing because SMB seals by itself. */
export type NtlmDemand = 'seal' | 'sign';

// Each in words for the person who reads why a login was refused.
const DEMANDED = {
  unicode: FLAG.unicode,
  signing: FLAG.sign,
  'extended session security': FLAG.extendedSessionSecurity,
  'target information': FLAG.targetInfo,
  '128-bit keys': FLAG.key128,
  'key exchange': FLAG.keyExchange,
} as const;

/** Of what we demand, that which these flags lack, in words; empty when nothing does. */
export function lacking(flags: number, demand: NtlmDemand): readonly string[] {
  const all = demand === 'seal' ? { ...DEMANDED, sealing: FLAG.seal } : DEMANDED;
  return Object.entries(all).flatMap(([name, flag]) => ((flags & flag) === 0 ? [name] : []));
}

/** What a client of ours asks for. */
export const askedFlags = (demand: NtlmDemand): number =>
  (FLAG.unicode |
    FLAG.requestTarget |
    FLAG.sign |
    (demand === 'seal' ? FLAG.seal : 0) |
    FLAG.ntlm |
    FLAG.alwaysSign |
    FLAG.extendedSessionSecurity |
    FLAG.targetInfo |
    FLAG.version |
    FLAG.key128 |
    FLAG.keyExchange |
    FLAG.key56) >>>
  0;
