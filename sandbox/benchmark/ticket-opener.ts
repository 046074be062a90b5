import { mkdtemp, open, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Place } from '../discord/people/place.ts';
import { asMessage, asModal } from '../discord/people/shown.ts';
import type { ShownModal } from '../discord/people/shown-modal.ts';
import type { Channel } from '../discord/world/discord-world.ts';
import { startWorld, type World } from '../world.ts';
import { MeasuredProcess, type Reading } from './measured-process.ts';

/** Members of one server who open a ticket within the same hour. */
const PEOPLE_OF_A_SERVER = 20;
/** About 500 characters: what a person writes who is asked for details. */
const BODY =
  'Since this morning I cannot reach it, neither by SSH nor in the browser. I restarted it twice in the panel, and it says that it runs. '.repeat(
    4,
  );

/** The head of SQLite's write-ahead log: 32 bytes, with the number of checkpoints in four of them, the highest first. */
const WAL_HEAD_BYTES = 32;
const WAL_CHECKPOINTS_AT = 12;
const SYNCS_OF_A_CHECKPOINT = 3;

/** How long the person waited, in milliseconds by the clock of the wall. */
export interface Waited {
  /** Until Discord had heard of the form. */
  readonly acknowledgedAfterMs: number;
  /** From the submit to the final edit. */
  readonly answeredAfterMs: number;
}

/** What a bot has used so far, with what can be seen of it from outside. */
export interface Used extends Reading {
  /** Syncs of the disk, as SQLite makes them in WAL mode with synchronous=FULL: reckoned, see {@link syncsOfCheckpoints}. */
  readonly syncs: number;
  /** Bytes that the process has had written to a disk; undefined where the system does not tell. */
  readonly writtenBytes: number | undefined;
  /** Calls that the helpdesk has taken. */
  readonly helpdeskCalls: number;
}

/** One bot in a world of its own, with people who open tickets one after the other. */
export class TicketOpener {
  readonly #world: World;
  readonly #bot: MeasuredProcess;
  readonly #folder: string;
  readonly #people: readonly Place[];
  #opened = 0;

  private constructor(world: World, bot: MeasuredProcess, folder: string, people: readonly Place[]) {
    this.#world = world;
    this.#bot = bot;
    this.#folder = folder;
    this.#people = people;
  }

  /**
   * Starts one bot and lets everybody link an account where the bot asks for one.
   * @param count How many people there are. They take turns; with one for each ticket, nobody has a longer history than a real
   * member of a server.
   */
  static async start(which: 'bot' | 'bare', count: number): Promise<TicketOpener> {
    const [world, folder] = await Promise.all([startWorld(), mkdtemp(join(tmpdir(), 'openticket-benchmark-'))]);
    const bot = new MeasuredProcess(which, {
      ...world.settings,
      STORAGE_URL: `sqlite:${join(folder, 'store.sqlite')}`,
      LINK_VERIFICATION: 'none',
      TICKETS_PER_HOUR: '1000',
      SERVER_TICKETS_PER_HOUR: '100000',
    });
    world.activity.watch(bot);
    const published = world.discord.nextPublished();
    bot.start();
    await published;
    const people = places(world, count);
    if (which === 'bot') {
      for (const place of people) {
        asMessage(await asModal(await place.slash('link')).submit({ email: `${place.user.name}@example.org` }));
      }
    }
    return new TicketOpener(world, bot, folder, people);
  }

  /** Opens one ticket: the slash command, the form, the submit, and the answer that says so. */
  async openTicket(): Promise<Waited> {
    return this.submit(await this.openForm());
  }

  /** The first half of a ticket: the next person types the slash command and gets the form. */
  async openForm(): Promise<ShownModal> {
    const place = this.#people[this.#opened % this.#people.length];
    if (!place) throw new Error('There is nobody to open a ticket.');
    this.#opened += 1;
    return asModal(await place.slash('ticket'));
  }

  /** The second half: the form is sent, and the answer says that the ticket is open. */
  async submit(form: ShownModal): Promise<Waited> {
    const before = this.#world.helpdesk.tickets.length;
    const startedAt = performance.now();
    const fields = { subject: `The server of order ${this.#opened} is away`, product: 'VPS', body: BODY };
    const answer = asMessage(await form.submit(fields));
    await this.#world.activity.until({
      look: () => /is open|opened/.test(answer.text) || undefined,
      describe: () => `the answer that a ticket is open; it says: ${answer.text}`,
    });
    const answeredAfterMs = performance.now() - startedAt;
    const { tickets } = this.#world.helpdesk;
    if (tickets.length !== before + 1) throw new Error(`One submit opened ${tickets.length - before} tickets.`);
    return { acknowledgedAfterMs: answer.interaction?.acknowledgedAfterMs ?? Number.NaN, answeredAfterMs };
  }

  async used(): Promise<Used> {
    const reading = await this.#bot.read();
    return {
      ...reading,
      syncs: reading.commits + (await syncsOfCheckpoints(join(this.#folder, 'store.sqlite-wal'))),
      writtenBytes: await writtenBytes(this.#bot.pid),
      helpdeskCalls: this.#world.helpdesk.calls.length,
    };
  }

  async close(): Promise<void> {
    await this.#bot.kill();
    await this.#world.close();
    await rm(this.#folder, { recursive: true, force: true });
  }
}

function places({ discord }: World, count: number): Place[] {
  let channel: Channel | undefined;
  return Array.from({ length: count }, (_, index) => {
    if (index % PEOPLE_OF_A_SERVER === 0 || !channel) {
      channel = discord.createGuild({ name: `server ${index}` }).createChannel({ name: 'help' });
    }
    const user = discord.createUser({ name: `person${index}` });
    channel.guild?.addMember(user);
    return user.in(channel);
  });
}

/**
 * How often SQLite has synced for its checkpoints. A commit syncs the log once. A checkpoint, after about 1,000 pages, syncs
 * the log and the file, and the first commit after it syncs the new head of the log. The head counts the checkpoints.
 */
async function syncsOfCheckpoints(log: string): Promise<number> {
  const file = await open(log).catch(() => undefined);
  if (!file) return 0;
  try {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(WAL_HEAD_BYTES), 0, WAL_HEAD_BYTES, 0);
    return bytesRead === WAL_HEAD_BYTES ? SYNCS_OF_A_CHECKPOINT * buffer.readUInt32BE(WAL_CHECKPOINTS_AT) : 0;
  } finally {
    await file.close();
  }
}

async function writtenBytes(pid: number | undefined): Promise<number | undefined> {
  const counters = await readFile(`/proc/${pid}/io`, 'utf8').catch(() => '');
  const found = /^write_bytes: (\d+)$/m.exec(counters)?.[1];
  return found === undefined ? undefined : Number(found);
}
