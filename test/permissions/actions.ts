import { InteractionType } from 'discord-api-types/v10';
import type { Place } from '../../sandbox/discord/people/place.ts';
import type { ShownMessage } from '../../sandbox/discord/people/shown-message.ts';
import { codeIn } from '../../sandbox/mailbox.ts';
import { type Actor, asMessage, asModal, buttonId, escalationForm, isModal, link, type Scene, says } from './scene.ts';

/** Tries one action as one person. @returns Whether it was done. */
type Attempt = (actor: Actor, scene: Scene) => Promise<boolean>;

export interface Action {
  /** Settings that the action needs. */
  readonly env?: Record<string, string>;
  readonly attempt: Attempt;
}

/** A text of its own for each attempt: the same one twice would be held back for another reason. */
let texts = 0;
const uniqueText = () => `text ${++texts}`;

const helpdesk = (
  subcommand: string,
  options: (scene: Scene) => Record<string, string>,
  done: string,
  prepare?: Attempt,
): Action => ({
  async attempt(actor, scene) {
    await prepare?.(actor, scene);
    const shown = await actor.home.slash(`helpdesk ${subcommand}`, options(scene), { overridePermissions: true });
    return says(shown, done);
  },
});

const press = (place: Place, customId: string, message?: ShownMessage) =>
  place.sendRaw({ customId, ...(message ? { message } : {}) });

/** A ticket of the person's own that the helpdesk has refused once. */
async function refusedTicket(place: Place, { talk }: Scene): Promise<ShownMessage> {
  talk.world.helpdesk.fault('refused', { times: 1 });
  const form = asModal(await place.slash('ticket'));
  return asMessage(await form.submit({ subject: uniqueText(), body: uniqueText() }));
}

/** An escalation of a new message that the helpdesk has refused once, written while the actor was a moderator. */
function refusedEscalation(actor: Actor, { talk, ada }: Scene): Promise<ShownMessage> {
  return actor.asModerator(async (moderator) => {
    const form = await escalationForm(moderator, await ada.say(uniqueText()));
    talk.world.helpdesk.fault('refused', { times: 1 });
    return asMessage(await form.submit({ behalf: ['community'] }));
  });
}

/** Whether what is done opens a ticket. */
async function opensTicket({ talk }: Scene, act: () => Promise<unknown>): Promise<boolean> {
  const before = talk.world.helpdesk.tickets.length;
  await act();
  return talk.world.helpdesk.tickets.length > before;
}

/** Somebody new who asks moderators to link. @returns Their request in the audit channel. */
async function linkRequest({ talk, mia, auditChannel }: Scene): Promise<{ who: Place; request: ShownMessage }> {
  const who = talk.join(`applicant${++texts}`);
  const asked = mia.user.waitFor(({ channelId, text }) => channelId === auditChannel.id && text.includes(who.user.id));
  await asModal(await who.slash('link')).submit({ email: 'applicant@example.org' });
  return { who, request: await asked };
}

const decides = (name: 'link-approve' | 'link-refuse', told: string): Action => ({
  env: { LINK_VERIFICATION: 'moderator', LINK_MAILS_PER_HOUR: '100' },
  async attempt(actor, scene) {
    const { who, request } = await linkRequest(scene);
    const customId = buttonId(request, name);
    const inAuditChannel =
      actor.kind === 'Moderator of another server' ? actor.place : actor.place.user.in(scene.auditChannel);
    await press(inAuditChannel, customId, request);
    // The applicant reads a decision before anything else.
    return says(await who.slash('ticket'), told);
  },
});

/** By the first column of the table in docs/operations.md. */
export const ACTIONS: Readonly<Record<string, Action>> = {
  'command `/ticket`': { attempt: async ({ place }) => isModal(await place.slash('ticket')) },
  'command `/link`': { attempt: async ({ place }) => isModal(await place.slash('link')) },
  'command `/account`': { attempt: async ({ place }) => says(await place.slash('account'), 'Account:') },
  'command `Escalate to ticket`': {
    attempt: async ({ home }, { message }) =>
      isModal(await home.messageCommand('Escalate to ticket', message, { overridePermissions: true })),
  },
  'command `/helpdesk status`': helpdesk('status', () => ({}), 'The helpdesk is reachable'),
  'command `/helpdesk pause`': helpdesk('pause', () => ({ notice: 'Moving' }), 'Tickets are paused here'),
  'command `/helpdesk resume`': helpdesk(
    'resume',
    () => ({}),
    'can be opened here again',
    async (_, { mia }) => says(await mia.slash('helpdesk pause', { notice: 'Moving' }), 'paused'),
  ),
  'command `/helpdesk block`': helpdesk(
    'block',
    ({ ada }) => ({ user: ada.user.id, reason: 'Spam' }),
    'cannot open tickets here',
  ),
  'command `/helpdesk unblock`': helpdesk(
    'unblock',
    ({ ada }) => ({ user: ada.user.id }),
    'can open tickets here again',
    async (_, { ada, mia }) => says(await mia.slash('helpdesk block', { user: ada.user.id, reason: 'Spam' }), 'cannot'),
  ),
  'command `/helpdesk who`': helpdesk('who', ({ ada }) => ({ user: ada.user.id }), 'is linked since'),
  'command `/helpdesk unlink`': helpdesk(
    'unlink',
    ({ ada }) => ({ user: ada.user.id }),
    'is not linked any more',
    async (_, { ada }) => {
      const shown = await ada.slash('link');
      // The first thing that ada reads after an unlink is that it was done.
      const form = shown.kind === 'message' ? await shown.click('Link account') : shown;
      return isModal(await asModal(form).submit({ email: 'ada@example.org' }));
    },
  ),

  'button `ticket-open` (Open a ticket)': { attempt: async ({ place }) => isModal(await press(place, 'ticket-open')) },
  'button `ticket-write` (Write it anyway)': {
    attempt: async ({ place }) => isModal(await press(place, 'ticket-write')),
  },
  'button `ticket-retry` (Try again), own ticket': {
    attempt: async ({ place }, scene) => {
      const reply = await refusedTicket(place, scene);
      return opensTicket(scene, () => reply.click('Try again'));
    },
  },
  'button `ticket-anyway` (Send anyway), own ticket': {
    attempt: async ({ place }, scene) => {
      const fields = { subject: uniqueText(), body: uniqueText() };
      await asModal(await place.slash('ticket')).submit(fields);
      const known = asMessage(await asModal(await place.slash('ticket')).submit(fields));
      return opensTicket(scene, () => known.click('Send anyway'));
    },
  },
  'button `ticket-edit` (Edit), own ticket': {
    attempt: async ({ place }, scene) => isModal(await (await refusedTicket(place, scene)).click('Edit')),
  },
  'button `ticket-text` (Show my text), own ticket': {
    attempt: async ({ place }, scene) => says(await (await refusedTicket(place, scene)).click('Show my text'), 'text '),
  },
  'button `ticket-retry` (Try again), escalation': {
    attempt: async (actor, scene) => {
      const reply = await refusedEscalation(actor, scene);
      return opensTicket(scene, () => press(actor.place, buttonId(reply, 'ticket-retry'), reply));
    },
  },
  'button `ticket-anyway` (Escalate again), escalation': {
    attempt: async (actor, scene) => {
      // Two forms for one message; the second one meets the ticket of the first.
      const reply = await actor.asModerator(async (moderator) => {
        const message = await scene.ada.say(uniqueText());
        const forms = [await escalationForm(moderator, message), await escalationForm(moderator, message)];
        const replies: ShownMessage[] = [];
        for (const form of forms) {
          replies.push(asMessage(await form.submit({ subject: uniqueText(), behalf: ['community'] })));
        }
        return replies[1] as ShownMessage;
      });
      return opensTicket(scene, () => press(actor.place, buttonId(reply, 'ticket-anyway'), reply));
    },
  },
  'button `ticket-edit` (Edit), escalation': {
    attempt: async (actor, scene) => {
      const reply = await refusedEscalation(actor, scene);
      return isModal(await press(actor.place, buttonId(reply, 'ticket-edit'), reply));
    },
  },
  'button `ticket-text` (Show my text), escalation that one wrote': {
    attempt: async (actor, scene) => {
      const reply = await refusedEscalation(actor, scene);
      return says(await press(actor.place, buttonId(reply, 'ticket-text'), reply), 'This is what you wrote');
    },
  },
  'button `escalate-onward` (Escalate, Write it anyway)': {
    attempt: async (actor, { ada }) => {
      const form = await actor.asModerator(async (moderator) => escalationForm(moderator, await ada.say(uniqueText())));
      const draftId = form.customId.split(':')[1];
      return isModal(await press(actor.place, `escalate-onward:${draftId}`));
    },
  },
  'button `escalate-again` (Escalate again)': {
    attempt: async (actor, { ada }) => {
      const known = await actor.asModerator(async (moderator) => {
        const message = await ada.say(uniqueText());
        await (await escalationForm(moderator, message)).submit({ behalf: ['community'] });
        return asMessage(await moderator.messageCommand('Escalate to ticket', message));
      });
      return isModal(await press(actor.place, buttonId(known, 'escalate-again'), known));
    },
  },
  'button `link` (Link account)': { attempt: async ({ place }) => isModal(await press(place, 'link')) },
  'button `link-enter-code` (Enter code)': {
    attempt: async ({ place }) => isModal(await press(place, 'link-enter-code')),
  },
  'button `link-send-again` (Send again)': {
    env: { LINK_VERIFICATION: 'email', LINK_MAILS_PER_HOUR: '100' },
    attempt: async ({ place }) => {
      const sent = asMessage(await asModal(await place.slash('link')).submit({ email: 'somebody@example.org' }));
      return says(await sent.click('Send again'), 'on its way');
    },
  },
  'button `link-approve` (Approve), in the audit channel': decides('link-approve', 'A moderator approved your request'),
  'button `link-refuse` (Refuse), in the audit channel': decides('link-refuse', 'A moderator refused your request'),
  'button `account-unlink` (Unlink), oneself': {
    attempt: async ({ place }) => {
      const done = says(await asMessage(await place.slash('account')).click('Unlink'), 'is unlinked');
      await link(place);
      return done;
    },
  },
  'button `account-export` (Export), oneself': {
    attempt: async ({ place }) => says(await asMessage(await place.slash('account')).click('Export'), 'in the file'),
  },
  'button `account-escalation-off` (No tickets in my name)': {
    attempt: async ({ place }) =>
      says(await asMessage(await place.slash('account')).click('No tickets in my name'), 'may not open tickets'),
  },
  'button `account-escalation-on` (Allow tickets in my name)': {
    attempt: async ({ place }) => {
      const off = asMessage(await asMessage(await place.slash('account')).click('No tickets in my name'));
      return says(await off.click('Allow tickets in my name'), 'may open tickets in your name');
    },
  },

  'modal `ticket`, own ticket': {
    attempt: async ({ place }, scene) => {
      const form = asModal(await place.slash('ticket'));
      return opensTicket(scene, () => form.submit({ subject: uniqueText(), body: uniqueText() }));
    },
  },
  'modal `ticket`, escalation': {
    attempt: async (actor, scene) => {
      const form = await actor.asModerator(async (moderator) =>
        escalationForm(moderator, await scene.ada.say(uniqueText())),
      );
      return opensTicket(scene, () =>
        actor.place.sendRaw({
          type: InteractionType.ModalSubmit,
          customId: form.customId,
          fields: { subject: uniqueText(), body: uniqueText(), behalf: ['author'] },
        }),
      );
    },
  },
  'modal `link`': {
    attempt: async ({ place }) =>
      says(await asModal(await place.slash('link')).submit({ email: `${place.user.name}@example.org` }), 'is linked'),
  },
  'modal `link-code`': {
    env: { LINK_VERIFICATION: 'email', LINK_MAILS_PER_HOUR: '100' },
    attempt: async ({ place }, { talk }) => {
      const email = `${place.user.name}@example.org`;
      const sent = asMessage(await asModal(await place.slash('link')).submit({ email }));
      const mail = await talk.world.mailbox.next(email);
      return says(await asModal(await sent.click('Enter code')).submit({ code: codeIn(mail) ?? '' }), 'is linked');
    },
  },
};
