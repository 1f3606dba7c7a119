// What a machine's faults mean: for our loops a kind, for people a reason and plain words (MS-WSMV 2.2.4.43, wsmerror.h, wbemcli.h).

import { printable } from '#relay/transport/script-output.ts';
import type { FailureReason } from '#shared/base/outcome.ts';
import { NS } from './namespaces.ts';
import { childOf, type XmlElement } from './xml-read.ts';

export type FaultKind =
  | 'not-yet' // nothing to tell within the operation's time: ask again
  | 'gone' // the shell, command or enumeration does not exist any more
  | 'stopped' // somebody ended the operation
  | 'crowded' // too many operations or shells
  | 'too-large' // an answer larger than any envelope
  | 'denied'
  | 'missing' // no such class, namespace or property
  | 'other';

export interface WsmanFault {
  kind: FaultKind;
  reason: FailureReason;
  /** Plain words, and those of the machine where we have none. */
  words: string;
}

const REASONS: Readonly<Record<FaultKind, FailureReason>> = {
  'not-yet': 'timed-out',
  gone: 'lost',
  stopped: 'lost',
  crowded: 'refused',
  'too-large': 'too-large',
  denied: 'denied',
  missing: 'unsupported',
  other: 'refused',
};

const CODES: ReadonlyMap<number, readonly [FaultKind, string]> = new Map([
  [5, ['denied', 'access denied']], // ERROR_ACCESS_DENIED
  [995, ['stopped', 'the machine ended the operation']], // ERROR_OPERATION_ABORTED
  [0x8007_0005, ['denied', 'access denied']], // E_ACCESSDENIED
  [2_150_858_793, ['not-yet', 'no answer within the time of the operation']], // ERROR_WSMAN_OPERATION_TIMEDOUT
  [2_150_858_843, ['gone', 'the shell or command does not exist any more']], // ERROR_WINRS_INVALID_COMMANDID
  [2_150_859_173, ['crowded', 'too many shells of this login are open']], // ERROR_WSMAN_QUOTA_MAX_SHELLS
  [2_150_859_174, ['crowded', 'too many operations of this login are running']], // ERROR_WSMAN_QUOTA_MAX_OPERATIONS
  [2_150_859_179, ['crowded', 'too many users have shells open']], // ERROR_WSMAN_QUOTA_MAX_SHELLUSERS
  [0x8004_1003, ['denied', 'access to this part of WMI is denied']], // WBEM_E_ACCESS_DENIED
  [0x8004_1010, ['missing', 'this machine has no such class']], // WBEM_E_INVALID_CLASS
  [0x8004_100e, ['missing', 'this machine has no such namespace']], // WBEM_E_INVALID_NAMESPACE
  // A property that an older Windows does not know makes the whole question invalid.
  [0x8004_1017, ['missing', "the question does not fit this machine's class"]], // WBEM_E_INVALID_QUERY
]);

/** Where no code is known, the subcode tells (DSP0226 14.6). */
const SUBCODES: ReadonlyMap<string, readonly [FaultKind, string]> = new Map([
  ['AccessDenied', ['denied', 'access denied']],
  ['QuotaLimit', ['crowded', 'a limit of the machine is reached']],
  ['EncodingLimit', ['too-large', 'the answer is larger than an envelope may be']],
  ['TimedOut', ['not-yet', 'no answer within the time of the operation']],
  ['InvalidSelectors', ['gone', 'the shell or command does not exist any more']],
  ['InvalidEnumerationContext', ['gone', 'the enumeration does not exist any more']],
  ['DestinationUnreachable', ['missing', 'this machine has no such resource']],
]);

// 24 elements are looked at for codes: a provider's fault in a fault is six deep.
const MAX_LOOKED_AT = 24;

/** Codes of a fault and of what it wraps, innermost last: a provider's own code says more than that of the service around it. */
function codesIn(detail: XmlElement | undefined): number[] {
  const codes: number[] = [];
  let level = detail === undefined ? [] : [detail];
  for (let looked = 0; level.length > 0 && looked < MAX_LOOKED_AT; looked += level.length) {
    for (const element of level) codes.push(...codeOf(element));
    level = level.flatMap((element) => element.children);
  }
  return codes;
}

function codeOf(element: XmlElement): number[] {
  if (element.local === 'WSManFault' && element.uri === NS.fault) return number(element.attributes.get('Code'));
  // MSFT_WmiError carries the provider's HRESULT as a property (MS-WSMV 2.2.4.18).
  return element.local === 'error_Code' ? number(element.text.trim()) : [];
}

const number = (text: string | undefined): number[] => (/^\d{1,10}$/.test(text ?? '') ? [Number(text)] : []);

const afterColon = (name: string): string => name.slice(name.lastIndexOf(':') + 1).trim();

export function readFault(fault: XmlElement): WsmanFault {
  const subcode = childOf(childOf(fault, NS.soap, 'Code'), NS.soap, 'Subcode');
  const subcodeName = afterColon(childOf(subcode, NS.soap, 'Value')?.text ?? '');
  const codes = codesIn(childOf(fault, NS.soap, 'Detail'));
  const known = codes.toReversed().find((code) => CODES.has(code));
  const meant = CODES.get(known ?? -1) ?? SUBCODES.get(subcodeName);
  if (meant !== undefined) return { kind: meant[0], reason: REASONS[meant[0]], words: meant[1] };
  const said = printable(childOf(childOf(fault, NS.soap, 'Reason'), NS.soap, 'Text')?.text ?? '');
  const name = codes.length > 0 ? `fault ${codes.at(-1)}` : 'a fault';
  return { kind: 'other', reason: REASONS.other, words: said === '' ? name : `${name}: ${said}` };
}
