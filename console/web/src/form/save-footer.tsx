// The two buttons below a form in a dialog or a sheet: leave it, or send it.
import { Button } from '#console/web/src/ui/button.tsx';
import { t } from './text.ts';

interface SaveFooterProps {
  /** What the form does: "Save", "Add group". */
  verb: string;
  isBusy: boolean;
  /** There is nothing to be sent yet. */
  isIdle?: boolean;
  onClose: () => void;
}

export const SaveFooter = ({ verb, isBusy, isIdle = false, onClose }: SaveFooterProps) => (
  <>
    <Button onClick={onClose} disabled={isBusy}>
      {t('cancel')}
    </Button>
    <Button kind="primary" type="submit" isBusy={isBusy} disabled={isIdle}>
      {verb}
    </Button>
  </>
);
