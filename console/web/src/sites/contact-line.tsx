// Whom to ask at a site: a name, a mail address and a number that can be pressed.
import type { SiteContact } from '#shared/model/site.ts';

export function ContactLine({ contact }: { contact: SiteContact }) {
  const { name, email, phone } = contact;
  return (
    <span className="flex flex-wrap items-baseline gap-x-3">
      {name !== '' && <span>{name}</span>}
      {phone !== '' && (
        // What is dialled has no spaces and brackets.
        <a className="quiet-link" href={`tel:${phone.replaceAll(/[^\d+*#]/g, '')}`}>
          {phone}
        </a>
      )}
      {email !== '' && (
        <a className="quiet-link" href={`mailto:${encodeURIComponent(email)}`}>
          {email}
        </a>
      )}
    </span>
  );
}

export const hasContact = ({ name, email, phone }: SiteContact): boolean => name !== '' || email !== '' || phone !== '';
