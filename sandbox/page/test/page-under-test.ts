import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type Browser, type BrowserContext, chromium, type Locator, type Page, type Response } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, onTestFinished } from 'vitest';
import { type Fixture, startFixture } from '../fixture.ts';
import { type PageServer, startPageServer } from '../page-server.ts';

/** Debian's package; nothing is downloaded. */
const CHROMIUM = '/usr/bin/chromium';
const IMAGES = fileURLToPath(new URL('../../../docs/images/', import.meta.url));

export type Scheme = 'light' | 'dark';

/** Tests in a real browser; without one they are skipped, and say so. */
export function describeInBrowser(name: string, tests: () => void): void {
  if (existsSync(CHROMIUM)) describe(name, { timeout: 600_000 }, tests);
  else describe.skip(`${name} (skipped: there is no ${CHROMIUM}; Debian's package chromium has it)`, tests);
}

let browser: Browser | undefined;

/** To be called once in each file. */
export function useBrowser(): void {
  beforeAll(async () => {
    const args = ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update'];
    browser = await chromium.launch({ executablePath: CHROMIUM, args });
  });
  afterAll(() => browser?.close());
}

/** The page in a browser, with the fixture that it shows. */
export interface PageUnderTest {
  readonly page: Page;
  readonly context: BrowserContext;
  readonly fixture: Fixture;
  /** Every answer that the browser got. */
  readonly fetched: readonly Response[];
  /** Is somebody else from now on. */
  be(name: string): Promise<void>;
  /** Where messages are written. */
  readonly box: Locator;
  /** Types a command and sends it. */
  command(name: string): Promise<void>;
  /** The form on the screen. */
  readonly form: Locator;
  /** The last message on the screen that says this. */
  message(words: string | RegExp): Locator;
  /** Turns a switch of the inspector. */
  turn(label: string): Promise<void>;
  /** Goes to one half of the page, where both do not fit. */
  show(half: 'Discord' | 'Inspector'): Promise<void>;
  /** Opens one of the lists of the inspector. */
  tab(name: string): Promise<void>;
  /** What was copied. */
  clipboard(): Promise<string>;
  /** Ends the sandbox and starts it anew on the same port. @returns The new fixture; `fixture` is no more. */
  restart(): Promise<Fixture>;
  /** With SCREENSHOTS=1, a picture for the docs in light colours and one in dark ones: of the page, or of a part of it. */
  picture(name: string, part?: Locator): Promise<void>;
}

export interface OpenOptions {
  readonly scheme?: Scheme;
  readonly size?: { readonly width: number; readonly height: number };
  readonly settings?: Readonly<Record<string, string>>;
  /** Whether the browser lets the page use the clipboard; it does by default. */
  readonly mayCopy?: boolean;
}

/** Opens the page on a fixture of its own; both end with the test, which fails when the page had an error or left this host. */
export async function openPage({
  scheme = 'light',
  size,
  settings,
  mayCopy = true,
}: OpenOptions = {}): Promise<PageUnderTest> {
  if (!browser) throw new Error('Call useBrowser first');
  let open = await openSandbox(0, settings);
  const { server, fixture } = open;
  const context = await browser.newContext({
    viewport: size ?? { width: 1280, height: 800 },
    colorScheme: scheme,
    // Chromium denies what is not in a list, and with an empty list nothing.
    permissions: mayCopy ? ['clipboard-read', 'clipboard-write'] : ['geolocation'],
    reducedMotion: 'reduce',
    deviceScaleFactor: process.env.SCREENSHOTS ? 1.5 : 1,
  });
  const page = await context.newPage();
  const errors: string[] = [];
  let isRestarted = false;
  const fetched: Response[] = [];
  page.on('pageerror', ({ message }) => errors.push(message));
  page.on('console', (line) => {
    const isOutage = isRestarted && line.text().includes('net::ERR_');
    if (line.type() === 'error' && !isOutage) errors.push(line.text());
  });
  page.on('response', (response) => fetched.push(response));
  const foreign: string[] = [];
  page.on('request', (request) => {
    if (!request.url().startsWith(server.url)) foreign.push(request.url());
  });
  onTestFinished(async () => {
    await context.close();
    await open.close();
    expect(errors, 'errors on the page').toEqual([]);
    expect(foreign, 'requests to other hosts').toEqual([]);
  });

  await page.goto(server.url);
  await page.getByRole('log').waitFor();
  await botIsReady(fixture);
  const box = page.getByRole('textbox', { name: /^Message [#@]/ });
  return {
    page,
    context,
    fixture,
    fetched,
    box,
    form: page.getByRole('dialog'),
    be: (name) => page.getByRole('radio', { name: new RegExp(`^${name}`) }).check(),
    async command(name) {
      await box.fill(`/${name}`);
      await box.press('Enter');
    },
    message: (words) => page.getByRole('log').getByRole('article').filter({ hasText: words }).last(),
    async show(half) {
      const button = page.getByRole('button', { name: half });
      if (await button.isVisible()) await button.click();
    },
    turn: (label) => page.getByRole('switch', { name: label }).click(),
    tab: (name) => page.getByRole('tab', { name: new RegExp(`^${name}`) }).click(),
    clipboard: async () => String(await page.evaluate('navigator.clipboard.readText()')),
    async restart() {
      isRestarted = true;
      await open.close();
      open = await openSandbox(Number(new URL(server.url).port), settings);
      await botIsReady(open.fixture);
      return open.fixture;
    },
    async picture(name, part) {
      if (!process.env.SCREENSHOTS) return;
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme });
        await (part ?? page).screenshot({ path: `${IMAGES}${name}-${colorScheme}.png` });
      }
      await page.emulateMedia({ colorScheme: scheme });
    },
  };
}

/** Waits until the bot is connected and has published its commands. */
async function botIsReady({ world: { discord } }: Fixture): Promise<void> {
  await discord.ready();
  if (discord.commands.list().length === 0) await new Promise((resolve) => discord.events.once('commands', resolve));
}

interface OpenSandbox {
  readonly server: PageServer;
  readonly fixture: Fixture;
  close(): Promise<void>;
}

async function openSandbox(port: number, settings: OpenOptions['settings']): Promise<OpenSandbox> {
  const server = await startPageServer({ port });
  const fixture = await startFixture({
    pageUrl: server.url,
    onAttempts: () => server.refresh(),
    ...(settings ? { settings } : {}),
  });
  server.show(fixture);
  return {
    server,
    fixture,
    async close() {
      await server.close();
      await fixture.close();
    },
  };
}

/** Goes the whole road of linking by hand, with the code from the mailbox. */
export async function linkByHand(
  { page, form, message, command, show, tab, clipboard }: PageUnderTest,
  email: string,
): Promise<void> {
  await command('link');
  const address = form.getByRole('textbox', { name: 'Email you use at' });
  // A bot that has just started on a busy machine can miss Discord's three seconds: then one uses the command again.
  const isShown = await address.waitFor({ timeout: 10_000 }).then(
    () => true,
    () => false,
  );
  if (!isShown) await command('link');
  await address.fill(email);
  await form.getByRole('button', { name: 'Submit' }).click();
  await show('Inspector');
  await tab('Mailbox');
  await page.getByRole('button', { name: /^Copy code \d{6}$/ }).click();
  const code = await clipboard();
  await show('Discord');
  await message('Code sent to').getByRole('button', { name: 'Enter code' }).click();
  await form.getByRole('textbox', { name: 'Code' }).fill(code);
  await form.getByRole('button', { name: 'Submit' }).click();
  await message('is linked.').waitFor();
}

/** Fills in the ticket form that is open, and sends it. */
export async function fillIn({ form }: PageUnderTest, fields: { subject: string; body: string }): Promise<void> {
  await form.getByRole('textbox', { name: 'Subject' }).fill(fields.subject);
  await form.getByRole('textbox', { name: 'What do you need help with?' }).fill(fields.body);
  await form.getByRole('button', { name: 'Submit' }).click();
}
