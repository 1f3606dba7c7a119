// A sheet: from the right at a desk, from below on a phone; for filters and details that need the page's height.
import { Modal, type ModalProps } from './modal.tsx';

export const Sheet = (props: ModalProps) => <Modal {...props} className="sheet" />;
