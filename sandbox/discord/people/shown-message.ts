export type { QuotedMessage, ShownButton } from './message-view.ts';
export type { ShownMessage } from './shown.ts';
