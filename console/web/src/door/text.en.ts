// English: the door, the first set-up, and being asked who one is once more.

export const en = {
  signIn: 'Sign in',
  signingIn: 'Signing in …',
  withPasskey: 'Sign in with a passkey',
  withProvider: 'Sign in with {label}',
  orPassword: 'or with name, password and code',
  name: 'Name',
  password: 'Password',
  code: 'Code',
  codeHint: 'Six digits of your authenticator app, or a recovery code',
  refused:
    'Nobody was signed in: name, password or code do not fit, or this person may not sign in now. After several wrong answers the right ones wait a while, too.',
  passkeyRefused: 'Nobody was signed in: this console does not know the passkey, or its person may not sign in now.',
  passkeyNotUsed:
    'No passkey was used: it was cancelled, it took too long, this device holds none for this console, or it could not verify you.',
  passkeyNotMade:
    'No passkey was made: it was cancelled, it took too long, the device cannot verify you, or the browser does not trust the console’s certificate.',
  passkeyMadeBefore: 'This device holds a passkey of yours for this console already.',
  providerDenied:
    'Nobody was signed in: this console has no person or no role for you, or the sign-in was begun elsewhere or too long ago. Begin anew; if it happens again, the console’s log says why.',
  providerFailed:
    'Nobody was signed in: the identity provider did not answer as it should. Try once more; if it happens again, the console’s log says why.',
  cannotSignIn: 'Trouble signing in?',
  locked:
    'After several wrong answers this console waits a while before it looks at the next: first a minute, then longer.',
  lostPhone: 'A recovery code takes the place of the app’s code, once each.',
  lostAll: 'Whoever looks after people here can invite you again: the link signs you in once, and you set up anew.',
  byMachine: 'At the console’s own machine, this makes a one-time link for its owner:',
  signInCommand: 'Command for a new link',

  setUpTitle: 'Set up how you sign in',
  setUpIntro:
    'Welcome, {name}. Your link has worked for this one time. Next time you prove who you are with something of your own; until it stands, nothing else opens.',
  setUpPasskey: 'A passkey',
  setUpPasskeyBody:
    'Your device or your phone proves who you are, with your finger, face or code. Nothing is typed, and nothing can be stolen from this console.',
  setUpPassword: 'A password and an authenticator app',
  setUpPasswordBody: 'Where no passkey works. You type the password and the six digits of an app on your phone.',
  choosePassword: 'Set up a password',
  passkeyName: 'Name of this passkey',
  passkeyNameHint: 'So that you know it again, such as: laptop, phone',
  usualName: 'my passkey',
  makePasskey: 'Make a passkey',
  done: 'Done',
  goOn: 'Go on',
  back: 'Back',
  cancel: 'Cancel',
  step: 'Step {step} of {of}',
  allSet: 'You are set up. From now on you sign in with what you have just made.',
  toConsole: 'To the console',
  startAnew: 'Sign out',

  newPassword: 'New password',
  newPasswordHint: 'At least {count} characters; several words are good',
  passwordShort: 'At least {count} characters',
  showPassword: 'Show it',
  setPassword: 'Set this password',

  appTitle: 'Authenticator app',
  appScan: 'Scan this with the app on your phone:',
  appPicture: 'QR code for the authenticator app',
  appByHand: 'Or type this key into the app:',
  appKey: 'Key for the app',
  appLink: 'The same as a link, for an app on this device',
  appUri: 'Link for the app',
  appCode: 'Code that the app shows now',
  confirmApp: 'Confirm',
  appExpires: 'This counts for a few minutes; a former app works until you confirm.',

  profileNotRead: 'Your profile could not be read.',
  recoveryTitle: 'Recovery codes',
  recoveryBody:
    'Each works once in the place of the app’s code, should the phone be lost. They are shown only now: print them, or keep them in a password safe.',
  recoveryCodes: 'Recovery codes',
  recoverySave: 'Save as a file',
  recoveryKept: 'I have kept them in a safe place',

  stepUpTitle: 'Prove that it is you',
  stepUpBody: 'What you are about to do reaches far. What you typed is kept, and it goes on by itself.',
  stepUpPasskey: 'With a passkey',
  stepUpCode: 'Code of your authenticator app',
  stepUpHint: 'The six digits that it shows now',
  stepUpDo: 'Confirm',
  stepUpNone:
    'You have neither a passkey nor an authenticator app, so nobody could tell you from somebody at your desk. Set one up, or sign in anew: that counts, too.',
  stepUpToProfile: 'To your profile',
} as const;
