import { ApplicationCommandOptionType, InteractionType } from 'discord-api-types/v10';
import { commands } from '../../commands/index.ts';
import type { Place, RawAct } from '../../sandbox/discord/people/place.ts';
import { asMessage, asModal, type Patience, type Shown } from '../../sandbox/discord/people/shown.ts';
import { parseConfig } from '../../src/config.ts';
import { type StorageBreakage, startBreakableConversation } from './breakable-storage.ts';
import type { Conversation } from './conversation.ts';

/** A person of their own for each handler, linked and a moderator, with what the handler needs. */
export interface HandlerScene {
  readonly talk: Conversation;
  readonly place: Place;
  /** The same person in another server, for what would stand in everybody's way here. */
  readonly elsewhere: Place;
  /** A draft that the helpdesk has refused. */
  readonly draftId: string;
  /** A draft of an escalation. */
  readonly escalationId: string;
  /** Somebody's message in the channel. */
  readonly message: { readonly id: string };
}

/** What must not be read when nobody could look. Who was unlinked is "not linked any more". */
export const NOT_LINKED =
  /no account is linked|none is linked|not linked(?! any more)|has no linked account|no account that could get/i;

type Act = (scene: HandlerScene, patience?: Patience) => Promise<Shown>;

const ELSEWHERE = 'Elsewhere';
const FIELDS = { subject: 'My server is down', body: 'Since this morning.' };

const slash =
  (name: string, values?: Record<string, string>): Act =>
  ({ place }, patience) =>
    place.slash(name, values, patience);

/** A moderator's command about a member, who is the moderator: so it stands in nobody else's way. */
const moderates =
  (subcommand: string, values: Record<string, string> = {}): Act =>
  ({ place }, patience) =>
    place.slash(`helpdesk ${subcommand}`, { user: place.user.id, ...values }, patience);

const button =
  (name: string, ids: (scene: HandlerScene) => readonly string[] = () => []): Act =>
  (scene, patience) =>
    scene.place.sendRaw({ customId: [name, ...ids(scene)].join(':'), ...patience });

const modal =
  (
    name: string,
    fields: NonNullable<RawAct['fields']>,
    ids: (scene: HandlerScene) => readonly string[] = () => [],
  ): Act =>
  (scene, patience) =>
    scene.place.sendRaw({
      type: InteractionType.ModalSubmit,
      customId: [name, ...ids(scene)].join(':'),
      fields,
      ...patience,
    });

const draft = ({ draftId }: HandlerScene) => [draftId];
const escalation = ({ escalationId }: HandlerScene) => [escalationId];

/** One act of a person for everything that the bot can be asked to do; several where it goes several ways. */
export const ACTS: Readonly<Record<string, Act>> = {
  '/ticket': slash('ticket'),
  '/link': slash('link'),
  '/account': slash('account'),
  '/helpdesk status': slash('helpdesk status'),
  '/helpdesk pause': ({ elsewhere }, patience) => elsewhere.slash('helpdesk pause', { notice: 'Moving' }, patience),
  '/helpdesk resume': slash('helpdesk resume'),
  '/helpdesk block': moderates('block', { reason: 'Spam' }),
  '/helpdesk unblock': moderates('unblock'),
  '/helpdesk who': moderates('who'),
  '/helpdesk unlink': moderates('unlink'),
  'Escalate to ticket': ({ place, message }, patience) => place.messageCommand('Escalate to ticket', message, patience),
  'button ticket-open': button('ticket-open'),
  'button ticket-write': button('ticket-write'),
  'button ticket-retry': button('ticket-retry', draft),
  'button ticket-anyway': button('ticket-anyway', (scene) => [scene.draftId, '123456789012345678']),
  'button ticket-edit': button('ticket-edit', draft),
  'button ticket-edit of an escalation': button('ticket-edit', escalation),
  'button ticket-edit of nothing': button('ticket-edit', () => ['none']),
  'button ticket-text': button('ticket-text', draft),
  'button link': button('link'),
  'button link-enter-code': button('link-enter-code'),
  'button link-send-again': button('link-send-again'),
  'button link-approve': button('link-approve', () => ['123456789012345678', 'none']),
  'button link-refuse': button('link-refuse', () => ['123456789012345678', 'none']),
  'button account-unlink': button('account-unlink'),
  'button account-export': button('account-export'),
  'button account-escalation-off': button('account-escalation-off'),
  'button account-escalation-on': button('account-escalation-on'),
  'button escalate-onward': button('escalate-onward', escalation),
  'button escalate-again': button('escalate-again', (scene) => [scene.escalationId, '123456789012345678']),
  'modal ticket': modal('ticket', FIELDS, () => ['a-new-draft']),
  'modal ticket of an escalation': modal('ticket', { ...FIELDS, behalf: ['community'] }, escalation),
  'modal link': modal('link', { email: 'new@example.org' }),
  'modal link-code': modal('link-code', { code: '123456' }),
};

/** Everything that the router knows, in its words. */
export function everyHandler(): string[] {
  const config = parseConfig({
    DISCORD_TOKEN: 'x',
    HELPDESK_USERNAME: 'x',
    HELPDESK_PASSWORD: 'x',
    LINK_VERIFICATION: 'none',
  });
  return commands.flatMap((command) => [
    ...namesOf(command.data(config)).map((name) => (command.kind === 'slash' ? `/${name}` : name)),
    ...Object.keys(command.buttons ?? {}).map((name) => `button ${name}`),
    ...Object.keys(command.modals ?? {}).map((name) => `modal ${name}`),
  ]);
}

/** The name of a command, or one for each of its subcommands. */
function namesOf(data: ReturnType<(typeof commands)[number]['data']>): string[] {
  const options = 'options' in data ? (data.options ?? []) : [];
  const subcommands = options.filter(({ type }) => type === ApplicationCommandOptionType.Subcommand);
  return subcommands.length > 0 ? subcommands.map(({ name }) => `${data.name} ${name}`) : [data.name];
}

/** A bot with which every handler has its way to go, over a store that can be broken. */
export async function startForEveryHandler(): Promise<{ talk: Conversation; breakage: StorageBreakage }> {
  const started = await startBreakableConversation({
    env: { LINK_VERIFICATION: 'none', ESCALATION_EMAIL: 'community@example.com', SERVER_TICKETS_PER_HOUR: '1000' },
  });
  await started.talk.stop();
  started.talk.world.discord.createGuild({ name: ELSEWHERE }).createChannel({ name: 'lobby' });
  await started.talk.start({ AUDIT_CHANNEL_ID: started.talk.channel.id });
  return started;
}

/** Makes somebody a moderator of the other server. @returns Where they are there. */
function joinElsewhere({ world }: Conversation, { user }: Place): Place {
  const guild = [...world.discord.guilds.values()].find(({ name }) => name === ELSEWHERE);
  const [channel] = guild?.channels.values() ?? [];
  if (!guild || !channel) throw new Error('There is one server only');
  guild.addMember(user, { roles: [guild.createRole({ name: 'Moderators', permissions: ['ModerateMembers'] })] });
  return user.in(channel);
}

/** Prepares a person for one act, with everything in order. */
export async function prepareHandler(talk: Conversation, name: string): Promise<HandlerScene> {
  const roles = talk.guild.createRole({ name: 'Moderators', permissions: ['ModerateMembers'] });
  const place = talk.join(name, { roles: [roles] });
  const elsewhere = joinElsewhere(talk, place);
  asMessage(await asModal(await place.slash('link')).submit({ email: 'somebody@example.org' }));
  const message = await talk.ada.say(`About ${name}`);
  talk.world.helpdesk.fault('refused', { times: 1 });
  const form = asModal(await place.slash('ticket'));
  asMessage(await form.submit({ ...FIELDS, body: `Refused: ${name}` }));
  const escalated = await talk.ada.say(`Escalated: ${name}`);
  const escalation = asModal(await place.messageCommand('Escalate to ticket', escalated));
  const [draftId = '', escalationId = ''] = [form, escalation].map(({ customId }) => customId.split(':')[1] ?? '');
  return { talk, place, elsewhere, draftId, escalationId, message };
}
