// Why a session is over, in the words of the command line.
import type { FinalEnd } from '#shared/seal/attached-session.ts';

const ENDS: Readonly<Record<FinalEnd, string>> = {
  ended: 'the session is over',
  unknown: 'the relay has no such session any more',
  revoked: 'you may not be here any more: the session was ended',
  replaced: 'this session was taken up elsewhere',
  forged: 'the session is over: what answered was not the relay',
  flooded: 'the session is over: it sent more than it may',
};

export const endText = (end: FinalEnd): string => ENDS[end];
