import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Place } from '../discord/people/place.ts';
import { asMessage, asModal } from '../discord/people/shown.ts';
import type { ModalBody } from '../discord/rules/modal-rules.ts';
import type { Channel } from '../discord/world/discord-world.ts';
import { startWorld, type World } from '../world.ts';
import { Acts, type Answered } from './acts.ts';
import { bytesWritten, syncsOfCheckpoints } from './disk-use.ts';
import { type QuickHelpdesk, startQuickHelpdesk } from './quick-helpdesk.ts';
import { type Probe, type Reading, type Subject, SubjectProcess } from './subject-process.ts';

/** Members of one server who open a ticket within the same hour. */
const PEOPLE_OF_A_SERVER = 20;
/** Discord waits for three seconds. Here it waits for longer, so that one sees how late a late answer is. */
const PATIENCE_MS = 30_000;
export const TOO_LATE_MS = 3000;
/** People who link their account at the same time. */
const LINKING_AT_ONCE = 8;

/** What a subject has used so far, with what can be seen of it from outside. */
export interface Used extends Reading {
  /** Syncs of the disk, as SQLite makes them in WAL mode with synchronous=FULL: reckoned. */
  readonly syncs: number;
  /** Bytes that the process has had written to a disk; undefined where the system does not tell. */
  readonly writtenBytes: number | undefined;
  /** Calls that the helpdesk has taken. */
  readonly helpdeskCalls: number;
}

/** One subject in a world of its own, with people who open tickets. */
export class SubjectWorld {
  readonly world: World;
  /** The one that the subject calls. */
  readonly helpdesk: QuickHelpdesk;
  readonly process: SubjectProcess;
  /** They take turns; with one for each ticket, nobody has a longer history than a real member of a server. */
  #people: readonly Place[] = [];
  readonly #acts: Acts;
  readonly #folder: string;
  /** Whether people have to link an account first. */
  readonly #asksForLinks: boolean;
  #turn = 0;
  #town: Channel | undefined;
  #requests = 0;

  private constructor(
    world: World,
    helpdesk: QuickHelpdesk,
    process: SubjectProcess,
    folder: string,
    asksForLinks: boolean,
  ) {
    this.world = world;
    this.helpdesk = helpdesk;
    world.discord.events.on('request', () => {
      this.#requests += 1;
    });
    this.process = process;
    this.#asksForLinks = asksForLinks;
    this.#folder = folder;
    this.#acts = new Acts(world);
    process.events.on('exit', () => this.#acts.end(process.endedByItself ?? 'The process was stopped.'));
  }

  /**
   * Starts one subject and lets everybody link an account where it asks for one.
   * @param settings Over those of its world. @param count How many people there are.
   */
  static async start(
    subject: Subject,
    count: number,
    settings: Readonly<Record<string, string>> = {},
    probe: Probe = 'costs',
  ): Promise<SubjectWorld> {
    const [world, helpdesk, folder] = await Promise.all([
      startWorld(),
      startQuickHelpdesk(),
      mkdtemp(join(tmpdir(), 'openticket-benchmark-')),
    ]);
    const process = new SubjectProcess(
      subject,
      {
        ...world.settings,
        HELPDESK_URL: helpdesk.url,
        STORAGE_URL: `sqlite:${join(folder, 'store.sqlite')}`,
        LINK_VERIFICATION: 'none',
        TICKETS_PER_HOUR: '1000',
        SERVER_TICKETS_PER_HOUR: '100000',
        ...settings,
      },
      probe,
    );
    world.activity.watch(process);
    world.discord.limits.deadlineMs = PATIENCE_MS;
    const published = world.discord.nextPublished();
    process.start();
    await published;
    const started = new SubjectWorld(world, helpdesk, process, folder, subject === 'bot');
    await started.admit(count);
    return started;
  }

  /** Somebody new comes, so many times, and takes turns from now on instead of those who were there before. */
  async admit(count: number): Promise<void> {
    const people = places(this.world, count);
    if (this.#asksForLinks) await linkAll(people);
    this.#people = people;
    this.#turn = 0;
  }

  /** Somebody new, who has linked no account, in a server where everybody else is new, too. */
  newcomer(): Place {
    this.#town ??= this.world.discord.createGuild({ name: 'newcomers' }).createChannel({ name: 'help' });
    const user = this.world.discord.createUser({ name: `newcomer${this.world.discord.users.size}` });
    this.#town.guild?.addMember(user);
    return user.in(this.#town);
  }

  /** The next person of the line. */
  next(): Place {
    const place = this.#people[this.#turn % this.#people.length];
    if (!place) throw new Error('There is nobody to open a ticket.');
    this.#turn += 1;
    return place;
  }

  /** Somebody types the slash command. Rejects when the subject's process ends before its answer. */
  slash(place: Place): Promise<Answered> {
    return this.#acts.slash(place);
  }

  /** Somebody sends the form. Rejects likewise. */
  submit(place: Place, form: ModalBody): Promise<Answered> {
    return this.#acts.submit(place, form);
  }

  /** Opens one ticket: the slash command, the form, the submit, and the answer that says so. */
  async openTicket(): Promise<Answered> {
    const place = this.next();
    return this.openFrom(place, await this.openForm(place));
  }

  /** The first half of a ticket. */
  async openForm(place: Place): Promise<ModalBody> {
    const { modal } = await this.slash(place);
    if (!modal) throw new Error('No form was shown.');
    return modal;
  }

  /** The second half. */
  async openFrom(place: Place, form: ModalBody): Promise<Answered> {
    const answered = await this.submit(place, form);
    if (!answered.isOpened) throw new Error(`No ticket was opened: ${answered.words}`);
    return answered;
  }

  async used(): Promise<Used> {
    const reading = await this.process.read();
    return {
      ...reading,
      syncs: reading.commits + (await syncsOfCheckpoints(join(this.#folder, 'store.sqlite-wal'))),
      writtenBytes: await bytesWritten(this.process.pid),
      requests: this.#requests,
      helpdeskCalls: this.helpdesk.calls,
    };
  }

  async close(): Promise<void> {
    await this.process.kill();
    await Promise.all([this.world.close(), this.helpdesk.close()]);
    await rm(this.#folder, { recursive: true, force: true });
  }
}

async function linkAll(people: readonly Place[]): Promise<void> {
  const rest = [...people];
  const link = async () => {
    for (let place = rest.pop(); place; place = rest.pop()) {
      asMessage(await asModal(await place.slash('link')).submit({ email: `${place.user.name}@example.org` }));
    }
  };
  await Promise.all(Array.from({ length: LINKING_AT_ONCE }, link));
}

function places({ discord }: World, count: number): Place[] {
  let channel: Channel | undefined;
  return Array.from({ length: count }, (_, index) => {
    if (index % PEOPLE_OF_A_SERVER === 0 || !channel) {
      channel = discord.createGuild({ name: `server ${discord.guilds.size}` }).createChannel({ name: 'help' });
    }
    const user = discord.createUser({ name: `person${discord.users.size}` });
    channel.guild?.addMember(user);
    return user.in(channel);
  });
}
