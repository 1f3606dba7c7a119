// How a person stands, by a word and a shape, and what they sign in with.
import { Icon } from '#console/web/src/ui/icon.tsx';
import { Tag } from '#console/web/src/ui/tag.tsx';
import { whatText } from './grant-words.ts';
import type { Person } from './people-data.ts';
import { t } from './text.ts';

/** Nothing set up and never seen; who came by a link of the console's own machine is no guest. */
const isInvited = ({ factors, lastSeenAt }: Person): boolean => factors?.length === 0 && lastSeenAt === null;

export function PersonState({ person }: { person: Person }) {
  const [icon, text, colour] =
    person.disabledAt !== null
      ? (['lock', t('disabled'), 'text-down'] as const)
      : isInvited(person)
        ? (['clock', t('invited'), 'text-changed'] as const)
        : (['check', t('active'), 'text-up'] as const);
  return (
    <span className="inline-flex items-center gap-1.5 align-top whitespace-nowrap">
      <Icon name={icon} className={`size-3.5 ${colour}`} />
      {text}
    </span>
  );
}

export const factorsText = ({ factors }: Person): string => {
  if (factors === undefined) return '–';
  return factors.length === 0 ? t('noFactors') : factors.map((factor) => t(`factor_${factor}`)).join(', ');
};

/** In the order in which they were given; a denial is crossed out by its word. */
export function RoleTags({ person: { grants } }: { person: Person }) {
  if (grants.length === 0) return <span className="text-muted">{t('nothing')}</span>;
  const texts = [
    ...new Set(grants.map((grant) => `${grant.effect === 'deny' ? `${t('deny')}: ` : ''}${whatText(grant)}`)),
  ];
  return (
    <span className="flex flex-wrap gap-1">
      {texts.map((text) => (
        <Tag key={text} text={text} />
      ))}
    </span>
  );
}
