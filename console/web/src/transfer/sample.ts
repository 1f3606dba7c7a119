// A file to begin with: the columns that most lists have, and three rows that show how they are filled.
import type { ImportKind } from '#shared/contract/import-contract.ts';

const SAMPLES: Readonly<Record<ImportKind, readonly string[]>> = {
  devices: [
    'name,customer,site,address,transport,port,credential,spn,realm,share,type,tags,notes',
    'web-1,Example,Berlin,10.0.0.11,ssh,22,fleet,,,,server,web; production,Rack 4',
    'nas-1,Example,Berlin,nas-1.example.net,ssh,,fleet,,,,,storage,',
    'fs-1,Example,Berlin,fs-1.example.test,winrm,5986,windows,HTTP/fs-1.example.test,EXAMPLE.TEST,,server,files,',
  ],
  sites: [
    'customer,site,address,time zone,contact name,contact email,contact phone,notes',
    'Example,Berlin,"Beispielweg 1, 10115 Berlin",Europe/Berlin,Ada Example,ada@example.net,+49 30 1234,Key at the desk',
    'Example,Lyon,,Europe/Paris,,,,',
  ],
};

/** CRLF and a byte order mark: spreadsheets open it as what it is. */
export const sampleOf = (kind: ImportKind): string => `\ufeff${SAMPLES[kind].join('\r\n')}\r\n`;
