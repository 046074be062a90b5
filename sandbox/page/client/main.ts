import { render } from 'lit-html';
import { app } from './app.ts';
import { keepPlace } from './keep-place.ts';
import { Page } from './page.ts';

/** Milliseconds between two looks at the clock, for times such as "in 3 minutes". */
const CLOCK_MS = 5000;

const root = document.getElementById('page');
if (!root) throw new Error('The page has no place to be drawn in');
root.replaceChildren();

let isDrawing = false;
/** Draws once for all changes of one turn. */
function draw(): void {
  if (isDrawing) return;
  isDrawing = true;
  queueMicrotask(() => {
    isDrawing = false;
    if (root) keepPlace(root, () => render(app(page), root));
  });
}

const page = new Page(draw);
const goToHash = () => {
  const reference = decodeURIComponent(location.hash.slice(1));
  if (reference !== '') page.showTicket(reference);
};
addEventListener('hashchange', goToHash);
setInterval(draw, CLOCK_MS);
draw();
await page.start();
goToHash();
