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
};
