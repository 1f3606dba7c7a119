// English: signing with passkeys, why it is not possible somewhere, and who may sign what.

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

  signersTitle: 'Signing keys',
  signersIntro:
    'Relays run only what keys of their site’s charter have signed. Only its owners change a charter, and never on this page.',
  sitesNotRead: 'The sites could not be read.',
  reading: 'Reading',
  moreSites: {
    one: '{count} more site: choose a customer or a site above.',
    other: '{count} more sites: choose a customer or a site above.',
  },
  noCharter: 'This site has no charter: nobody can order anything there.',
  charterNotRead: 'The charter could not be read.',

  profile_solo:
    'Solo: one person is enough for everything, and an ad-hoc order waits for a moment in which it can be stopped.',
  profile_team: 'Team: what was not reviewed before needs two people, and one of them signs with the command line.',
  profile_strict:
    'Strict: what opens a way in or was not reviewed before needs two people who sign outside of this console.',
  version: 'Version',
  owners: 'Owners who change it',
  ownersOf: '{quorum} of {all}',
  perOrder: 'Most in one order of a relay',
  perTenMinutes: 'Most in ten minutes at a relay',
  devices: { one: '{count} device', other: '{count} devices' },
  longestRun: 'Longest run',
  networks: 'Networks of the site',
  noNetworks: 'None are named',
  tiers: 'What an order needs',
  tier_t1: 'What can be undone',
  tier_t2: 'What was reviewed before, or opens a way in',
  tier_t3: 'Ad hoc: commands typed for the occasion',
  people: { one: '{count} person signs', other: '{count} different people sign' },
  rendered: {
    one: '{count} signature by the command line among them',
    other: '{count} signatures by the command line among them',
  },
  reach: 'at most {batch} devices, and {minutes} in ten minutes at each relay',
  stoppable: 'can be stopped for {time} before it starts',
  maySign: 'Who may sign',
  kindPasskey: 'Passkey',
  kindCommandLine: 'Command line',
  role_technician: 'May order',
  role_approver: 'May approve',
  role_guardian: 'May only freeze',
  mayFreeze: 'May freeze',
  heldBy: 'Held by {person}.',
  onPages: 'Signs on {pages}.',
  expiresAt: 'Valid until {date}, {ago}.',
  expiredAt: 'It ended on {date}, {ago}.',
  expiry_soon: 'It ends soon.',
  expiry_near: 'It ends within two weeks.',
  expiry_last: 'It ends within three days.',
  expiry_over: 'It has ended: the site takes no orders.',
  expiryAdvice: 'Its owners have to sign a new one.',

  yourPasskey: 'A passkey of your own',
  makeIntro:
    'Made by this device or your phone, with your finger, face or code. It counts once an owner has taken it into a charter.',
  instead: 'A key of the command line signs instead:',
  commandForKey: 'Command that makes a signing key',
  person: 'Who you are',
  personHint: 'The name in the charter. Two keys of one person count once. Without it: {name}',
  keyName: 'Name of this passkey',
  keyNameHint: 'Such as: ann phone',
  keyOf: 'passkey of {person}',
  makePasskey: 'Make a passkey',
  waitsForOwner: 'It waits for an owner of the site. Send them this command; it holds nothing secret.',
  isNamed: 'A charter names it: you can sign with it.',
  commandForOwner: 'Command for the owner',
  compare: 'The owner’s terminal shows a fingerprint. Read yours out to them; if they differ, it is not your passkey:',
  hide: 'Hide',
  dropKey: 'Forget it here',
} as const;
