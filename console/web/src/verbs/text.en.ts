// English: what one can do, and the words people type for it.

export const en = {
  verbTag: 'Change tags',
  wordsTag: 'tag, untag, label',
  verbGroup: 'Change group',
  wordsGroup: 'group, move',
  verbRun: 'Run a command',
  wordsRun: 'run, command, shell, order, execute',
  tooManyForOrder: {
    one: 'A page orders for at most {count} device. The command line takes more.',
    other: 'A page orders for at most {count} devices. The command line takes more.',
  },
  verbExport: 'Export',
  wordsExport: 'export, download, csv, xlsx, json',
  verbForget: 'Forget',
  wordsForget: 'forget, remove, delete',
  verbStanding: 'Make a standing order',
  wordsStanding: 'standing order, automatic, schedule, trigger, nightly',
  verbAddDevice: 'Add a device',
  verbImport: 'Import a list',
  wordsImport: 'import, upload, csv, xlsx, json',
  verbAddSite: 'Make a site',
  verbAddCustomer: 'Make a customer',
  verbAddGroup: 'Make a group',
  wordsAdd: 'add, new, create, make',
  verbEnrol: 'Enrol a relay',
  wordsEnrol: 'enrol, enroll, relay, token',
  verbTags: 'Rename or remove tags',
  wordsTags: 'tags, rename, labels',
  verbInvite: 'Make a sign-in link',
  wordsInvite: 'invite, link, sign in',
  verbSignOut: 'Sign out',
  wordsSignOut: 'sign out, log out, leave',

  selection: 'Selection',
  selected: { one: '{count} device selected', other: '{count} devices selected' },
  clear: 'Clear selection',

  ofOne: '{verb}: {device}',
  ofMany: { one: '{verb}: {count} device', other: '{verb}: {count} devices' },
  forget: 'Forget',
  forgetOne:
    'The console forgets {device} with its inventory and events, and its relay polls it no more. Nothing changes on the device.',
  forgetMany:
    'The console forgets these devices with their inventory and events, and their relays poll them no more. Nothing changes on the devices.',
  forgotten: { one: '{count} device forgotten', other: '{count} devices forgotten' },

  tagHint: 'Letters, digits, dot, dash, slash and underscore',
  newTag: 'New tag',
  tagWrong:
    'A tag is at most 40 letters, digits, dots, dashes, slashes and underscores, and begins with a letter or digit.',
  noTags: 'No tag exists yet.',
  apply: 'Apply',
  hidden: { one: '{count} of them is filtered out', other: '{count} of them are filtered out' },
  addTag: 'Add',
  tagged: { one: '{count} device changed', other: '{count} devices changed' },

  groupHint: 'Groups with members by hand. A group with a rule finds its members itself.',
  noGroups: 'There is no group with members by hand yet.',
  membersChanged: { one: '{count} member changed', other: '{count} members changed' },

  format: 'Format',
  exportHint: 'The file can be imported again.',
  exportTooMany: {
    one: 'More than {count} chosen devices do not fit into one request: narrow the filter and export what it shows.',
    other: 'More than {count} chosen devices do not fit into one request: narrow the filter and export what it shows.',
  },
  download: 'Download',

  inviteNote: 'Whoever opens the link first is signed in as you. It works once, until {time}.',
  inviteLink: 'Sign-in link',
  makeLink: 'Make the link',
  inviteAsk: 'Make a link that signs in another browser as you?',
  close: 'Close',
} as const;
