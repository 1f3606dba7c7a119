// German: what rights are over, when they hold, and what each verb means.
import type { Translation } from '#console/web/src/i18n/message.ts';
import type { en } from './text.en.ts';

export const de = {
  over: 'Gilt für',
  over_everything: 'Alles',
  over_customer: 'Einen Kunden',
  over_site: 'Einen Standort',
  over_group: 'Eine Gruppe',
  over_tag: 'Ein Schlagwort',
  over_device: 'Ein Gerät',
  which: 'Welches',
  whichHint: 'Zum Finden tippen',
  overIs_everything: 'alles',
  overIs_customer: 'Kunde {name}',
  overIs_site: 'Standort {name}',
  overIs_group: 'Gruppe {name}',
  overIs_tag: 'Schlagwort {name}',
  overIs_device: 'Gerät {name}',
  gone: 'gibt es nicht mehr ({id})',

  noRightTitle: 'Das gehört nicht zu Ihren Rechten',
  noRightBody: 'Diese Seite verlangt {verb}. {who}',
  rolesThatMay: 'Rollen mit diesem Recht: {roles}. Wer sich hier um Personen kümmert, kann Ihnen eine geben.',
  toProfile: 'Zu Ihrem Profil',
  asked: 'Wer sich hier um Personen kümmert, kann es Ihnen geben.',
  role_owner: 'Eigentümer',
  role_admin: 'Administrator',
  role_technician: 'Techniker',
  role_approver: 'Freigeber',
  role_auditor: 'Prüfer',
  role_viewer: 'Betrachter',
  role_customer: 'Kunde',
  filterVerbs: 'Rechte filtern',
  chosenVerbs: { one: '{count} Recht gewählt', other: '{count} Rechte gewählt' },
  dangerous: 'reicht weit',
} satisfies Translation<typeof en>;
