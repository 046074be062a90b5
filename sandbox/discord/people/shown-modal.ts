export type { FieldValue, ModalField } from './modal-fields.ts';
export type { ShownModal } from './shown.ts';
