/**
 * Opens a dialog that was just drawn, unless it is open. It is handed over before it stands in the document, so this
 * waits for the end of the drawing.
 * @param opened Called once it is open.
 */
export function openDialog(element: Element | undefined, opened: (dialog: HTMLDialogElement) => void = () => {}): void {
  if (!(element instanceof HTMLDialogElement)) return;
  queueMicrotask(() => {
    if (!element.isConnected || element.open) return;
    element.showModal();
    opened(element);
  });
}
