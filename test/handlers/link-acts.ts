import { asMessage, asModal } from '../../sandbox/discord/people/shown.ts';
import { codeIn } from '../../sandbox/mailbox.ts';
import { newTicket } from '../support/ticket-form.ts';
import { type Act, type Acts, press, shows, uniqueText } from './act.ts';
import { buttonId, isModal, link, says } from './scene.ts';

/** A moderator's word on the request of somebody new. */
const decides = (name: 'link-approve' | 'link-refuse', told: string): Act => ({
  verification: 'moderator',
  async reach(actor, { talk, mia, auditChannel }) {
    const who = talk.join(`applicant ${uniqueText()}`);
    const { id } = who.user;
    const asked = mia.user.waitFor(({ channelId, text }) => channelId === auditChannel.id && text.includes(id));
    await asModal(await who.slash('link')).submit({ email: 'applicant@example.org' });
    const message = await asked;
    const isElsewhere = actor.kind === 'Moderator of another server';
    const place = isElsewhere ? actor.place : actor.place.user.in(auditChannel);
    return {
      invoke: (how) => press(place, buttonId(message, name), { message, ...how }),
      async isDone() {
        // The applicant reads a decision before anything else, and has an account only after a yes.
        const isTold = says(await who.slash('ticket'), told);
        const isLinked = isModal(await press(who, 'ticket-open'));
        if (isLinked !== (isTold && name === 'link-approve')) throw new Error(`Linked: ${isLinked}, told: ${isTold}`);
        return isTold;
      },
    };
  },
});

/** `/link`, by each of the ways to prove an address. */
export const linkActs: Acts = {
  '/link': shows(({ place }, how) => place.slash('link', {}, how), isModal),
  'button link': shows(({ place }, how) => press(place, 'link', how), isModal),
  'button link-edit': shows(({ place }, how) => press(place, 'link-edit', how), isModal),
  'button link-enter-code': shows(({ place }, how) => press(place, 'link-enter-code', how), isModal),
  'button link-send-again': {
    verification: 'email',
    atOnce: true,
    async reach({ place, email }, { talk }) {
      const sent = asMessage(await asModal(await place.slash('link')).submit({ email }));
      const { mailbox } = talk.world;
      await mailbox.next(email);
      const before = mailbox.mails.length;
      return {
        invoke: (how) => sent.click('Send again', how),
        async isDone() {
          const isMailed = mailbox.mails.slice(before).some(({ to }) => to.includes(email));
          // Read, so that the next one who waits for a mail doesn't get this one.
          if (isMailed) await mailbox.next(email);
          return isMailed;
        },
      };
    },
  },
  'button link-approve': decides('link-approve', 'A moderator approved your request'),
  'button link-refuse': decides('link-refuse', 'A moderator refused your request'),
  'modal link': {
    async reach({ place }) {
      const form = asModal(await place.slash('link'));
      return {
        invoke: (how) => form.submit({ email: `${place.user.name}@example.net` }, how),
        async isDone() {
          const isChanged = says(await place.slash('account'), '.net||');
          await link(place);
          return isChanged;
        },
      };
    },
  },
  'modal link-code': {
    verification: 'email',
    atOnce: true,
    async reach({ place, email }, { talk }) {
      const mailed = talk.world.mailbox.next(email);
      const sent = asMessage(await asModal(await place.slash('link')).submit({ email }));
      const code = codeIn(await mailed) ?? '';
      const form = asModal(await sent.click('Enter code'));
      return {
        invoke: (how) => form.submit({ code }, how),
        async isDone() {
          const isLinked = isModal(await newTicket(place));
          if (isLinked) await press(place, 'account-unlink');
          return isLinked;
        },
      };
    },
  },
};
