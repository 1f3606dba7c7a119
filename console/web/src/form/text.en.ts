// English: fields that several pages share.

export const en = {
  cancel: 'Cancel',
  tagsHint: 'Enter or a comma adds one',
  tagWrong: 'No tag: {word}. A tag is letters, digits, dot, dash, slash or underscore, at most 40.',
  interval: 'Polled every',
  port: 'Port',
  portWinrm: 'Empty: the relay begins with 5986 (TLS), then 5985 with Kerberos',
  portSmb: 'Empty: 445',
  credential: 'Login',
  credentialHint: 'Its name on the relay; the secret itself never leaves it',
  spn: 'Service principal',
  spnHint: 'For Kerberos, such as HTTP/fs-1.example.test; empty: HTTP/ and the address',
  realm: 'Realm',
  realmHint: 'For Kerberos, such as EXAMPLE.TEST, if the relay’s configuration lists it; empty: the one of the login',
  share: 'Share',
  shareHint: 'Where jobs are left and answers found, such as rmm$',
} as const;
