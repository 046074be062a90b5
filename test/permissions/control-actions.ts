import type { Place } from '../../sandbox/discord/people/place.ts';
import type { ShownMessage } from '../../sandbox/discord/people/shown-message.ts';
import { type Actor, asModal, buttonId, isModal, link, type Scene, says } from './scene.ts';
import { type Action, press, shows, uniqueText } from './tried.ts';

/** As somebody who sees the command although its default hides it from them. */
const helpdesk = ({ home }: Actor, subcommand: string, options: Record<string, string> = {}) =>
  home.slash(`helpdesk ${subcommand}`, options, { overridePermissions: true });

/** What ada gets instead of the form; undefined when she gets the form. */
async function hindranceOf(ada: Place): Promise<string | undefined> {
  const shown = await ada.slash('ticket');
  return shown.kind === 'message' ? shown.text : undefined;
}

/** Somebody new who asks moderators to link. @returns Their request in the audit channel. */
async function linkRequest({ talk, mia, auditChannel }: Scene): Promise<{ who: Place; request: ShownMessage }> {
  const who = talk.join(`applicant ${uniqueText()}`);
  const asked = mia.user.waitFor(({ channelId, text }) => channelId === auditChannel.id && text.includes(who.user.id));
  await asModal(await who.slash('link')).submit({ email: 'applicant@example.org' });
  return { who, request: await asked };
}

const decides = (name: 'link-approve' | 'link-refuse', told: string): Action => ({
  env: { LINK_VERIFICATION: 'moderator', LINK_MAILS_PER_HOUR: '100' },
  async attempt(actor, scene) {
    const { who, request } = await linkRequest(scene);
    const inAuditChannel =
      actor.kind === 'Moderator of another server' ? actor.place : actor.place.user.in(scene.auditChannel);
    const shown = await press(inAuditChannel, buttonId(request, name), request);
    // The applicant reads a decision before anything else, and has an account only after a yes.
    const isTold = says(await who.slash('ticket'), told);
    const isLinked = isModal(await press(who, 'ticket-open'));
    if (isLinked !== (isTold && name === 'link-approve')) throw new Error(`Linked: ${isLinked}, told: ${isTold}`);
    return { shown, done: isTold };
  },
});

/** What moderators decide about others. */
export const controlActions: Readonly<Record<string, Action>> = {
  'command `/helpdesk status`': shows(
    (actor) => helpdesk(actor, 'status'),
    (shown) => says(shown, 'The helpdesk is reachable'),
  ),
  'command `/helpdesk pause`': {
    async attempt(actor, { ada, mia }) {
      const notice = uniqueText();
      const shown = await helpdesk(actor, 'pause', { notice });
      const done = (await hindranceOf(ada))?.includes(notice) ?? false;
      await mia.slash('helpdesk resume');
      return { shown, done };
    },
  },
  'command `/helpdesk resume`': {
    async attempt(actor, { ada, mia }) {
      await mia.slash('helpdesk pause', { notice: 'Moving' });
      const shown = await helpdesk(actor, 'resume');
      const done = (await hindranceOf(ada)) === undefined;
      await mia.slash('helpdesk resume');
      return { shown, done };
    },
  },
  'command `/helpdesk block`': {
    async attempt(actor, { ada, mia }) {
      const reason = uniqueText();
      const shown = await helpdesk(actor, 'block', { user: ada.user.id, reason });
      const done = (await hindranceOf(ada))?.includes(reason) ?? false;
      await mia.slash('helpdesk unblock', { user: ada.user.id });
      return { shown, done };
    },
  },
  'command `/helpdesk unblock`': {
    async attempt(actor, { ada, mia }) {
      await mia.slash('helpdesk block', { user: ada.user.id, reason: 'Spam' });
      const shown = await helpdesk(actor, 'unblock', { user: ada.user.id });
      const done = (await hindranceOf(ada)) === undefined;
      await mia.slash('helpdesk unblock', { user: ada.user.id });
      return { shown, done };
    },
  },
  'command `/helpdesk who`': shows(
    (actor, { ada }) => helpdesk(actor, 'who', { user: ada.user.id }),
    (shown) => says(shown, 'is linked since'),
  ),
  'command `/helpdesk unlink`': {
    async attempt(actor, { ada }) {
      const shown = await helpdesk(actor, 'unlink', { user: ada.user.id });
      const done = (await hindranceOf(ada))?.includes('removed the link with your account') ?? false;
      if (done) await link(ada);
      return { shown, done };
    },
  },
  'button `link-approve` (Approve), in the audit channel': decides('link-approve', 'A moderator approved your request'),
  'button `link-refuse` (Refuse), in the audit channel': decides('link-refuse', 'A moderator refused your request'),
};
