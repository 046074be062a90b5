import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { Place } from '../../sandbox/discord/people/place.ts';
import { asMessage, asModal } from '../../sandbox/discord/people/shown.ts';
import type { ShownMessage } from '../../sandbox/discord/people/shown-message.ts';
import { codeIn } from '../../sandbox/mailbox.ts';
import { startWorld, type World } from '../../sandbox/world.ts';
import { type App, startApp } from '../../src/app.ts';
import { parseConfig } from '../../src/config.ts';
import type { Tuning } from '../../src/create-services.ts';
import { MY_ADMIN } from '../../src/helpdesk/my-admin.ts';
import { createLog } from '../../src/log.ts';
import { ManualClock } from './manual-clock.ts';
import { filledIn, type TypedFields, ticketForm } from './ticket-form.ts';

/**
 * The bot's time limits go by the clock of the test. Those of the libraries cannot: here they are so long that no busy
 * machine meets them, and a test that is about one sets its own. Calls to the helpdesk are not repeated.
 */
const TUNING: Tuning = {
  // Whatever helpdesk the bot is made for: the world has MyAdmin.
  helpdesk: MY_ADMIN,
  queue: { retryDelaysMs: [], breakForMs: 600_000 },
  discordTimeoutMs: 120_000,
  deliveryRetryMs: 0,
  mailTimeoutMs: 120_000,
};

export interface ConversationOptions {
  /** Settings over those of the world. */
  readonly env?: Readonly<Record<string, string>> | undefined;
  readonly tuning?: Tuning | undefined;
}

/** The real bot in a world of its own, with one server, one channel and a few people. */
export class Conversation {
  readonly world: World;
  readonly folder: string;
  readonly guild;
  readonly channel;
  /** A member. */
  readonly ada: Place;
  /** All lines that the bot has logged. */
  readonly logged: string[] = [];
  #app: App | undefined;
  #options: ConversationOptions;
  readonly clock: ManualClock;

  constructor(world: World, folder: string, clock: ManualClock, options: ConversationOptions) {
    this.world = world;
    this.folder = folder;
    this.clock = clock;
    this.#options = options;
    this.guild = world.discord.createGuild({ name: 'Example Hosting' });
    this.channel = this.guild.createChannel({ name: 'help' });
    this.ada = this.join('ada');
  }

  get app(): App {
    if (!this.#app) throw new Error('The bot is not running');
    return this.#app;
  }

  /** A new member of the server, in its channel. */
  join(name: string, roles?: Parameters<typeof this.guild.addMember>[1]): Place {
    const user = this.world.discord.createUser({ name });
    this.guild.addMember(user, roles);
    return user.in(this.channel);
  }

  /** Lets time pass for the bot and for Discord: what falls due happens. */
  passTime(ms: number): void {
    this.clock.pass(ms);
  }

  /** Lets time pass until a submission has waited long enough to be told its place in the line. */
  async untilInLine(message: ShownMessage, place: number): Promise<void> {
    await this.clock.passUntil(message.until(({ text }) => text.includes(`number ${place} in line`)));
  }

  readonly now = (): number => this.clock.now();

  get storeFile(): string {
    return join(this.folder, 'openticket.sqlite');
  }

  /** Starts the bot. @param env Settings over those that the conversation was begun with. */
  async start(env: Readonly<Record<string, string>> = {}): Promise<void> {
    const settings = {
      ...this.world.settings,
      STORAGE_URL: `sqlite:${this.storeFile}`,
      LOG_LEVEL: 'trace',
      ...this.#options.env,
      ...env,
    };
    const tuning = { clock: this.clock, ...TUNING, ...this.#options.tuning };
    this.#app = await startApp(
      parseConfig(settings),
      createLog('trace', (line) => this.#onLine(line)),
      tuning,
    );
    await this.world.activity.settled(this.#app.ready, 'the connection of the bot');
  }

  #onLine(line: string): void {
    this.logged.push(line);
    this.world.activity.note('the bot wrote a line to its log');
  }

  async stop(): Promise<void> {
    await this.#app?.stop();
    this.#app = undefined;
  }

  async close(): Promise<void> {
    await this.stop();
    await this.world.close();
    await rm(this.folder, { recursive: true, force: true });
  }
}

/** Starts a world with a bot in it; both end with the test. */
export async function startConversation(options: ConversationOptions = {}): Promise<Conversation> {
  const clock = new ManualClock();
  const [world, folder] = await Promise.all([startWorld({ clock }), mkdtemp(join(tmpdir(), 'openticket-'))]);
  const conversation = new Conversation(world, folder, clock, options);
  onTestFinished(() => conversation.close());
  await conversation.start();
  return conversation;
}

/** Goes the whole road of linking, with the code from the mailbox. @returns The last reply. */
export async function linkAccount(place: Place, email: string, { mailbox }: World): Promise<ShownMessage> {
  const form = asModal(await place.slash('link'));
  const sent = asMessage(await form.submit({ email }));
  const mail = await mailbox.next(email);
  const codeForm = asModal(await sent.click('Enter code'));
  return asMessage(await codeForm.submit({ code: codeIn(mail) ?? '' }));
}

/** Opens the form and submits it. @returns What is shown for it first. */
export async function submitTicket(place: Place, fields: TypedFields): Promise<ShownMessage> {
  const form = await ticketForm(place);
  return asMessage(await form.submit(filledIn(fields)));
}

/** Deletes everything about somebody, from what /account has shown them, and says yes when asked. */
export async function deleteEverything(account: ShownMessage): Promise<ShownMessage> {
  return asMessage(await asMessage(await account.click('Delete everything…')).click('Delete everything'));
}
