// English: opening a session on a device, whatever it is for.

export const en = {
  reading: 'Reading the device',
  notRead: 'The device or the charter of its site could not be read.',
  reason: 'Reason',
  reasonHint: 'It goes into the audit trail.',
  toBeSigned: 'What you sign',
  honest:
    'The bytes are sealed between this page and the relay: the console carries what it cannot read. But this page comes from the console, so whoever holds the console could change it. The command line, installed from elsewhere, does not have this weakness.',
  signing: 'Waiting for your passkey …',
  opening: 'Opening …',
  openingLong: 'Opening … The relay waits out the time in which it can be stopped, or it is away.',
  waits: 'It waits for another person’s signature: {link}.',
  waitsLink: 'where they sign',
  cancel: 'Cancel',
  keyNone: 'The relay has told no sealing key: it is not connected, or of an older release.',
  keyDiffers: 'The console says that the relay’s key is another one than the one you compared.',
  keyMissing: 'Compare the relay’s key first: read it at the relay and type it above.',
} as const;
