// The limits of what is measured against Samba and of what attacks our client of it.
import type { Limits } from './limits.ts';

export const SMB_LIMITS: Readonly<Record<string, Limits>> = {
  'bench smb': {
    rounds: { min: 10, why: 'the promise is ten rounds of 200 MB', quick: { min: 2 } },
    equalHashes: { min: 10, why: 'what comes down is what went up, each time', quick: { min: 2 } },
    // Under --quick a transfer lasts a tenth of a second, and whatever else runs then is most of it.
    writeRatio: { min: 0.6, why: 'of what smbclient writes in the same run, both signed', quick: { min: 0.1 } },
    readRatio: { min: 0.45, why: 'of what smbclient reads in the same run, both signed', quick: { min: 0.1 } },
    rssGrowthMb: { max: 100, why: 'a stream is held by its window, not by its length' },
  },
  'fuzz smb': {
    inputs: { min: 10_000, why: 'the promise', quick: { min: 400 } },
    crashes: { max: 0, why: 'what a server says ends in an outcome, never in another throw' },
    hangs: { max: 0, why: 'all that waits on a connection ends with it, or a second after its last word' },
    succeeded: { min: 1_000, why: 'answers that all fail try nothing behind the first decoder', quick: { min: 30 } },
    failed: { min: 1_000, why: 'and those that all succeed try none of their refusals', quick: { min: 30 } },
    maxMb: { max: 16, why: 'no answer makes us take more memory, however long it says it is' },
    touched: { min: 450, why: 'real sessions of which one frame was changed', quick: { min: 15 } },
    takenAltered: { max: 0, why: 'a changed frame is never taken for a good one' },
    badSignature: { min: 200, why: 'most flips meet a signature', quick: { min: 5 } },
  },
  'chaos smb': {
    rounds: { min: 100, why: 'the promise', quick: { min: 4 } },
    frozen: { min: 30, why: 'SIGSTOP and SIGKILL are both tried', quick: { min: 0 } },
    killed: { min: 30, why: 'SIGSTOP and SIGKILL are both tried', quick: { min: 0 } },
    untyped: { max: 0, why: 'lost or timed out, and nothing else' },
    late: { max: 0, why: 'half a second for an answer, and what a busy machine needs' },
    unrecovered: { max: 0, why: 'the very next use has a connection that works' },
    leakedDescriptors: { max: 2, why: 'one connection more or less is open, and none of a hundred is left' },
  },
};
