import {
  ApplicationCommandType,
  ApplicationIntegrationType,
  type ButtonInteraction,
  ButtonStyle,
  ComponentType,
  ContextMenuCommandBuilder,
  InteractionContextType,
  MessageFlags,
} from 'discord.js';
import { lookUpDeadline } from '../src/discord/acknowledge.ts';
import { moderatorPermission } from '../src/discord/authority.ts';
import type { MessageCommand, Services } from '../src/discord/command.ts';
import { customId } from '../src/discord/custom-id.ts';
import { tellPendingFirst } from '../src/discord/delivery/tell-pending.ts';
import { behalfOptions } from '../src/discord/forms/behalf-options.ts';
import { escalatedText } from '../src/discord/forms/escalated-text.ts';
import { type FormOrRefusal, showFormOrRefusal } from '../src/discord/forms/form-or-refusal.ts';
import { ticketModal } from '../src/discord/forms/ticket-modal.ts';
import { targetMessageOf } from '../src/discord/messages/target-message.ts';
import { closedReply, helpdeskDownReply } from '../src/discord/replies/closed-reply.ts';
import { DECLINE, declinedReply, declinedWords } from '../src/discord/replies/in-your-name-reply.ts';
import { noAccountReply } from '../src/discord/replies/no-account-reply.ts';
import { button, card, ephemeral, lines, type Reply, row } from '../src/discord/replies/reply.ts';
import { onlyModeratorsReply } from '../src/discord/replies/router-reply.ts';
import { labelOfDespite, OPEN_SECOND, SEND_DESPITE_DOUBT } from '../src/discord/replies/ticket-buttons.ts';
import { ticketReply } from '../src/discord/replies/ticket-reply.ts';
import { newDraft } from '../src/discord/submit-ticket.ts';
import { asDuplicate } from '../src/tickets/lifecycle/outcome-of.ts';
import { isUnderWay, type RelatedAttempt } from '../src/tickets/lifecycle/related-attempts.ts';
import type { TicketDraft } from '../src/tickets/ticket-drafts.ts';
import { EMPTY_FIELDS } from '../src/tickets/ticket-fields.ts';

const NOT_MODERATOR =
  'Only moderators of this server can escalate messages. Nothing was done. Need help yourself? Use `/ticket`.';
const FOR_MODERATORS = { for: 'moderators', acknowledge: 'handler', refusal: NOT_MODERATOR } as const;

const escalate: MessageCommand = {
  kind: 'message',
  ...FOR_MODERATORS,
  data: (config) =>
    new ContextMenuCommandBuilder()
      .setName('Escalate to ticket')
      .setType(ApplicationCommandType.Message)
      .setContexts(InteractionContextType.Guild)
      // Never by way of somebody's own installation, which works in servers that have not let the bot in.
      .setIntegrationTypes(ApplicationIntegrationType.GuildInstall)
      .setDefaultMemberPermissions(moderatorPermission(config))
      .toJSON(),

  async execute(interaction, services) {
    const inTime = lookUpDeadline(services.clock);
    const { targetId: messageId, channelId, guildId } = interaction;
    const escalated = escalatedText(targetMessageOf(interaction), { messageId, channelId, guildId });
    const draft: TicketDraft = { ...newDraft(interaction, services, EMPTY_FIELDS), ...escalated };
    // Written down before the form is shown: the submit carries the draft's ID alone.
    const next = await inTime(services.tickets.drafts.save(draft).then(() => lookAhead(draft, services)));
    const onward = button('Escalate', ButtonStyle.Primary, customId('escalate-onward', draft.id));
    if (await tellPendingFirst(interaction, services, { onward, inTime })) return;
    await showFormOrRefusal(interaction, services, next);
  },

  buttons: {
    'escalate-onward': {
      ...FOR_MODERATORS,
      labels: ['Escalate', 'Write it anyway', 'Look again'],
      handle: (interaction, services, [draftId = '', known = '']) =>
        carryOn(interaction, services, { draftId, evenIfDown: known === KNOWN_TO_BE_DOWN }),
    },
    'escalate-again': {
      ...FOR_MODERATORS,
      labels: [SEND_DESPITE_DOUBT, OPEN_SECOND],
      handle: (interaction, services, [draftId = '', confirmed = '']) =>
        carryOn(interaction, services, { draftId, confirmed }),
    },
    // In the message to an author, which may be a direct one.
    'escalate-decline': { for: 'everybody', acknowledge: 'update', labels: [DECLINE], handle: declineTickets },
  },
};

export default escalate;

const EXPIRED = card('gone', '⌛ This escalation timed out', [
  'Nothing was done. Right-click the message and escalate it again.',
]);

/** In the custom ID of the button that a moderator presses after reading that the helpdesk is down. */
const KNOWN_TO_BE_DOWN = 'down';

type EscalateServices = Pick<Services, 'config' | 'tickets' | 'accounts' | 'interactionLog' | 'clock'>;

async function lookAhead(
  draft: TicketDraft,
  services: EscalateServices,
  { evenIfDown = false } = {},
): Promise<FormOrRefusal> {
  const { tickets, config } = services;
  const [{ closed, limited }, duplicate, options] = await Promise.all([
    tickets.rules.lookAhead(draft.submitter.id, draft.place, { escalates: true }),
    tickets.outcomes.beforeEscalation(draft),
    behalfOptions(draft, services),
  ]);
  const refusal = closed ?? limited;
  if (refusal) return { reply: closedReply(refusal), reason: refusal };
  if (tickets.queue.down && !evenIfDown) {
    const anyway = customId('escalate-onward', draft.id, KNOWN_TO_BE_DOWN);
    const components = [row(button('Write it anyway', ButtonStyle.Primary, anyway))];
    const reply = { ...helpdeskDownReply(config.helpdesk, tickets.queue.retryAt), components };
    return { reply, reason: { kind: 'helpdesk-down' } };
  }
  if (duplicate) return { reply: duplicateReply(duplicate, draft, services), reason: { kind: 'duplicate' } };
  const [first] = options;
  if (!first) return { reply: noAccountReply(), reason: { kind: 'author-unavailable' } };
  return { form: ticketModal(draft.id, config.tickets.products, draft.fields, { options, chosen: first.behalf }) };
}

/** What a moderator reads about a message that was escalated before, with the way to escalate it again. */
function duplicateReply(duplicate: RelatedAttempt, draft: TicketDraft, { config }: Pick<Services, 'config'>): Reply {
  if (isUnderWay(duplicate)) {
    // Not the Try again of the desk: nobody has seen this draft yet, so nothing may be sent of it.
    const again = customId('escalate-onward', draft.id);
    return card(
      'under-way',
      '⏳ Being escalated right now',
      ['You or another moderator is escalating this message. Nothing was done now.'],
      [row(button('Look again', ButtonStyle.Primary, again))],
    );
  }
  const context = {
    draftId: draft.id,
    submitterId: draft.submitter.id,
    isEscalation: true,
    isUnwritten: true,
  } as const;
  const again = customId('escalate-again', draft.id, duplicate.attemptId);
  return {
    ...ticketReply({ kind: 'duplicate', of: asDuplicate(duplicate) }, { ...context, helpdesk: config.helpdesk }),
    components: [row(button(labelOfDespite(duplicate), ButtonStyle.Danger, again))],
  };
}

async function carryOn(
  interaction: ButtonInteraction,
  services: EscalateServices,
  { draftId, confirmed, evenIfDown }: { draftId: string; confirmed?: string; evenIfDown?: boolean },
): Promise<void> {
  const { tickets, clock } = services;
  const inTime = lookUpDeadline(clock);
  const next = await inTime(
    tickets.drafts.find(interaction.user.id, draftId).then(async (draft): Promise<FormOrRefusal> => {
      if (!draft) return { reply: EXPIRED, reason: { kind: 'escalation-expired' } };
      if (draft.place.guildId !== interaction.guildId) {
        return { reply: onlyModeratorsReply(NOT_MODERATOR), reason: { kind: 'not-moderator' } };
      }
      if (confirmed) await tickets.intake.confirm(draft, confirmed);
      return lookAhead(draft, services, { evenIfDown });
    }),
  );
  await showFormOrRefusal(interaction, services, next);
}

/** An author wants no more tickets in their name. The message stays what it is, and says so below. */
async function declineTickets(
  interaction: ButtonInteraction,
  { accounts, interactionLog }: Pick<Services, 'accounts' | 'interactionLog'>,
): Promise<void> {
  const { user, message } = interaction;
  const isLinked = await accounts.links.allowEscalation(user.id, false);
  interactionLog.link(interaction, { outcome: 'escalation-declined' });
  if (message.flags.has(MessageFlags.IsComponentsV2)) {
    // A card, at the next command: it tells of a ticket, and stays.
    await interaction.followUp(ephemeral(declinedReply(isLinked)));
    return;
  }
  const links = message.components
    .flatMap((component) => (component.type === ComponentType.ActionRow ? component.components : []))
    .flatMap((component) =>
      component.type === ComponentType.Button && component.style === ButtonStyle.Link ? component.toJSON() : [],
    );
  await interaction.editReply({
    content: lines(message.content, declinedWords(isLinked)),
    components: links.length > 0 ? [{ type: ComponentType.ActionRow, components: links }] : [],
  });
}
