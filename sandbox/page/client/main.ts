import { render } from 'lit-html';
import { app } from './app.ts';
import { keepPlace } from './keep-place.ts';
import { Page } from './page.ts';

/** Milliseconds between two looks at the clock, for times such as "in 30 seconds". */
const CLOCK_MS = 1000;

const root = document.getElementById('page');
if (!root) throw new Error('The page has no place to be drawn in');
root.replaceChildren();

let isDrawing = false;
/** Until then the address says where to begin, and is not written. */
let isStarted = false;
/** Draws once for all changes of one turn. */
function draw(): void {
  if (isDrawing) return;
  isDrawing = true;
  queueMicrotask(() => {
    isDrawing = false;
    if (root) keepPlace(root, page, () => render(app(page), root));
    const address = `${location.pathname}${page.address}${location.hash}`;
    if (isStarted && address !== `${location.pathname}${location.search}${location.hash}`) {
      history.replaceState(null, '', address);
    }
  });
}

const page = new Page(draw);
const goToHash = () => {
  const reference = decodeURIComponent(location.hash.slice(1));
  if (reference !== '') page.showTicket(reference);
};
addEventListener('hashchange', goToHash);
// A link to a ticket of this page names no person and no channel: it is followed without leaving where one is.
document.addEventListener('click', (event) => {
  const link = (event.target as Element).closest('a');
  if (!link || link.origin !== location.origin || link.hash === '') return;
  event.preventDefault();
  if (link.hash === location.hash) goToHash();
  else location.hash = link.hash;
});
setInterval(draw, CLOCK_MS);
draw();
await page.start();
goToHash();
isStarted = true;
