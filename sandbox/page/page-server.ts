import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { z } from 'zod';
import { Actors, actSchema } from './acts.ts';
import { Refusal, SECURITY_HEADERS, send, sendJson } from './answers.ts';
import { assetAnswer } from './assets.ts';
import { Switches } from './faults/switches.ts';
import type { Fixture } from './fixture.ts';
import { inspectorView } from './inspector-view.ts';
import { personView } from './person-view.ts';
import type { PersonChoice } from './protocol.ts';
import { actAsSupport, supportActSchema } from './support.ts';

export interface PageServer {
  /** http://127.0.0.1:…/ */
  readonly url: string;
  /** Shows the fixture; until then the page waits. */
  show(fixture: Fixture): void;
  /** Something has changed that no event of the fixture tells. */
  refresh(): void;
  close(): Promise<void>;
}

/** Milliseconds in which changes are gathered before the page is told: less than an eye notices. */
const GATHER_MS = 30;
/** Bytes of one request of the page; the longest form has some 10,000. */
const MAX_BODY_BYTES = 100_000;

const switchRequest = z.object({ name: z.string(), isOn: z.boolean() });

/**
 * Serves the page on 127.0.0.1, and to nobody else: a request that names another host (a name that was pointed here) or
 * comes from another origin (a page that a visitor has open beside it) is refused.
 */
export async function startPageServer({ port }: { port: number }): Promise<PageServer> {
  const page = new Page();
  const server = createServer((request, response) => {
    const { port: own } = server.address() as AddressInfo;
    const hosts = [`127.0.0.1:${own}`, `localhost:${own}`];
    page.answer(request, response, hosts).catch((error: unknown) => {
      const status = error instanceof Refusal ? error.status : 500;
      if (!(error instanceof Refusal)) console.error(error);
      if (response.headersSent) response.destroy();
      else send(response, { status, type: 'text/plain', body: error instanceof Refusal ? error.message : 'Failed.' });
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    show: (fixture) => page.show(fixture),
    refresh: () => page.changed(),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** One open page: an event stream for one person. */
interface Viewer {
  readonly response: ServerResponse;
  readonly personId: string;
  /** What it was last told, to tell it nothing twice. */
  readonly told: Map<string, string>;
}

class Page {
  readonly #actors = new Actors();
  readonly #viewers = new Set<Viewer>();
  #fixture: { fixture: Fixture; switches: Switches } | undefined;
  #gathering: NodeJS.Timeout | undefined;

  show(fixture: Fixture): void {
    this.#fixture = { fixture, switches: new Switches(fixture) };
    const changed = () => this.changed();
    const { discord, helpdesk, mailbox } = fixture.world;
    for (const event of ['message', 'edit', 'delete', 'commands', 'gateway']) discord.events.on(event, changed);
    helpdesk.on('ticket', changed);
    helpdesk.on('changed', changed);
    helpdesk.on('arrived', changed);
    helpdesk.on('call', changed);
    mailbox.on('mail', changed);
    fixture.bot.events.on('line', changed);
    fixture.bot.events.on('exit', changed);
    changed();
  }

  changed(): void {
    this.#gathering ??= setTimeout(() => {
      this.#gathering = undefined;
      for (const viewer of this.#viewers) this.#tell(viewer);
    }, GATHER_MS);
  }

  async answer(request: IncomingMessage, response: ServerResponse, hosts: readonly string[]): Promise<void> {
    const { host = '', origin } = request.headers;
    if (!hosts.includes(host)) throw new Refusal(421, 'This page is served to 127.0.0.1 alone.');
    if (origin !== undefined && !hosts.some((own) => origin === `http://${own}`)) {
      throw new Refusal(403, 'This page takes nothing from other origins.');
    }
    const { pathname, searchParams } = new URL(request.url ?? '/', `http://${host}`);
    if (request.method === 'GET' && pathname === '/events') this.#watch(response, searchParams.get('person') ?? '');
    else if (request.method === 'GET' && pathname === '/people') sendJson(response, this.#people());
    else if (request.method === 'GET' && pathname.startsWith('/files/')) this.#file(response, pathname);
    else if (request.method === 'GET') send(response, await assetAnswer(pathname));
    else if (request.method === 'POST') sendJson(response, await this.#do(pathname, await readJson(request)));
    else throw new Refusal(405, 'Only GET and POST.');
  }

  #people(): PersonChoice[] {
    return this.#ready().fixture.cast.map(({ user, role }) => ({ id: user.id, name: user.name, role }));
  }

  async #do(pathname: string, body: unknown): Promise<unknown> {
    const { fixture, switches } = this.#ready();
    if (pathname === '/switches') {
      const { name, isOn } = parsed(switchRequest, body);
      if (!(await switches.set(name, isOn))) throw new Refusal(404, 'There is no such switch.');
      this.changed();
      return {};
    }
    if (pathname === '/tickets') {
      actAsSupport(fixture.world.helpdesk, parsed(supportActSchema, body));
      return {};
    }
    if (pathname === '/reset') {
      await switches.reset();
      this.changed();
      return {};
    }
    if (pathname !== '/acts') throw new Refusal(404, 'There is no such place.');
    const { personId, act } = parsed(z.object({ personId: z.string(), act: actSchema }), body);
    const user = fixture.cast.find((one) => one.user.id === personId)?.user;
    if (!user) throw new Refusal(404, 'There is no such person.');
    return this.#actors.act(user, act);
  }

  #watch(response: ServerResponse, personId: string): void {
    response.writeHead(200, { ...SECURITY_HEADERS, 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
    response.write('retry: 500\n\n');
    const viewer: Viewer = { response, personId, told: new Map() };
    this.#viewers.add(viewer);
    response.on('close', () => this.#viewers.delete(viewer));
    this.#tell(viewer);
  }

  #tell(viewer: Viewer): void {
    if (!this.#fixture) return;
    const { fixture, switches } = this.#fixture;
    const user = fixture.cast.find((one) => one.user.id === viewer.personId)?.user;
    const tell = (event: string, view: unknown) => {
      const data = JSON.stringify(view);
      if (viewer.told.get(event) === data) return;
      viewer.told.set(event, data);
      viewer.response.write(`event: ${event}\ndata: ${data}\n\n`);
    };
    // The page is from before a restart: nobody in its world exists any more.
    if (!user) {
      tell('over', {});
      return;
    }
    tell('discord', personView(user, fixture.world.discord.isBotConnected, fixture.aheadMs));
    tell('inspector', inspectorView(fixture));
    tell('faults', switches.list());
  }

  #file(response: ServerResponse, pathname: string): void {
    const file = this.#ready().fixture.world.discord.world.findAttachment(pathname.split('/')[2] ?? '');
    if (!file) throw new Refusal(404, 'There is no such file.');
    // It may be anything that somebody sent, so it is never shown as a page of this origin.
    response
      .writeHead(200, {
        ...SECURITY_HEADERS,
        'content-type': 'application/octet-stream',
        'content-disposition': 'attachment',
      })
      .end(file.content);
  }

  #ready() {
    if (!this.#fixture) throw new Refusal(503, 'The sandbox is starting.');
    return this.#fixture;
  }
}

async function readJson(request: IncomingMessage): Promise<unknown> {
  if (request.headers['content-type'] !== 'application/json') throw new Refusal(415, 'Only JSON.');
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    // Read to its end, so that the answer is heard.
    if (size <= MAX_BODY_BYTES) chunks.push(chunk);
  }
  if (size > MAX_BODY_BYTES) throw new Refusal(413, 'Too long.');
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8'));
  } catch {
    throw new Refusal(400, 'This is no JSON.');
  }
}

function parsed<T>(schema: z.ZodType<T>, body: unknown): T {
  const result = schema.safeParse(body);
  if (!result.success) throw new Refusal(400, 'This is none of what the page sends.');
  return result.data;
}
