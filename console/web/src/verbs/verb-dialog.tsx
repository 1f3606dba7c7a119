// One dialog per verb: what it needs to know, and for what cannot be undone a question first.
import type { AskedVerb } from './ask-verb.ts';
import { ExportDialog } from './export-dialog.tsx';
import { ForgetDialog } from './forget-dialog.tsx';
import { GroupDialog } from './group-dialog.tsx';
import { InviteDialog } from './invite-dialog.tsx';
import { OrderDialog } from './order-dialog.tsx';
import { TagDialog } from './tag-dialog.tsx';

export interface VerbDialogProps {
  asked: AskedVerb;
  onClose: () => void;
}

export function VerbDialog(props: VerbDialogProps) {
  switch (props.asked.verb) {
    case 'tags.change':
      return <TagDialog {...props} />;
    case 'groups.changeMembers':
      return <GroupDialog {...props} />;
    case 'actions.submit':
      return <OrderDialog {...props} />;
    case 'exports.devices':
      return <ExportDialog {...props} />;
    case 'devices.removeMany':
      return <ForgetDialog {...props} />;
    case 'session.createLink':
      return <InviteDialog {...props} />;
    default:
      // The rest is done at once, or on a page.
      return null;
  }
}
