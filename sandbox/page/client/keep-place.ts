import type { Page } from './page.ts';

/** Pixels from the end within which somebody is reading the newest message. */
const AT_THE_END = 80;

/** Whether somebody reads the newest messages of this list. */
export function isAtEnd({ scrollHeight, scrollTop, clientHeight }: HTMLElement): boolean {
  return scrollHeight - scrollTop - clientHeight < AT_THE_END;
}

/** Draws, and lets people go on where they were: at the newest message, and with the keyboard. */
export function keepPlace(root: HTMLElement, page: Page, draw: () => void): void {
  const log = () => root.querySelector<HTMLElement>('.messages');
  const before = log();
  const channel = before?.dataset.channel;
  const wasAtTheEnd = !before || isAtEnd(before);
  const focused = document.activeElement;
  const article = focused?.closest<HTMLElement>('article');
  const wasInDialog = focused?.closest('dialog') !== null;
  const isAskedFor = page.takeWayToEnd();

  draw();

  const after = log();
  if (after && (wasAtTheEnd || isAskedFor || after.dataset.channel !== channel)) after.scrollTop = after.scrollHeight;
  // What had the focus may be gone: a form that was sent, a button whose message has changed.
  if (document.activeElement !== document.body || focused === document.body) return;
  if (article?.isConnected) article.focus({ preventScroll: true });
  else if (wasInDialog) document.getElementById('box')?.focus();
  else if (article) after?.focus({ preventScroll: true });
}
