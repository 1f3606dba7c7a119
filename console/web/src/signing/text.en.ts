// English: signing with passkeys, and why it is not possible somewhere.

export const en = {
  obstacleInsecure:
    'Passkeys need an encrypted page, and this one came over plain HTTP. Open the console as http://localhost or under a DNS name with a trusted certificate.',
  obstacleAddress:
    'Passkeys need a name, and this page was opened under a bare address. Open the console as http://localhost or under a DNS name with a trusted certificate.',
  obstacleBrowser: 'This browser knows no passkeys.',
  noPasskeyHere: 'No passkey that the charter names can be used on this page.',
  otherPasskey: 'The browser answered with a passkey that the charter does not name.',
  notSigned:
    'Nothing was signed: it was cancelled, it took too long, the passkey could not verify you, or the browser does not trust the console’s certificate.',
  notMade:
    'No passkey was made: it was cancelled, it took too long, the device cannot verify you, or the browser does not trust the console’s certificate.',
  alreadyMade: 'This device has a passkey for this console already.',
  ruleFault: 'Not signed: {why}.',
} as const;
