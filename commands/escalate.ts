import {
  ApplicationCommandType,
  type ButtonInteraction,
  ButtonStyle,
  ContextMenuCommandBuilder,
  InteractionContextType,
  type MessageContextMenuCommandInteraction,
} from 'discord.js';
import { type InTime, lookUpClock } from '../src/discord/acknowledge.ts';
import { isModerator, moderatorPermission } from '../src/discord/authority.ts';
import type { CommandParts, MessageCommand } from '../src/discord/command.ts';
import { customId } from '../src/discord/custom-id.ts';
import { tellNoticesFirst } from '../src/discord/delivery/notices-first.ts';
import { behalfOptions } from '../src/discord/forms/behalf-options.ts';
import { escalatedText } from '../src/discord/forms/escalated-text.ts';
import { ticketModal } from '../src/discord/forms/ticket-modal.ts';
import { hindranceReply } from '../src/discord/replies/hindrance-reply.ts';
import { button, linkButton, privately, type Reply, row } from '../src/discord/replies/reply.ts';
import { ticketReply } from '../src/discord/replies/ticket-reply.ts';
import { newDraft } from '../src/discord/submit-ticket.ts';
import type { TicketDraft } from '../src/tickets/ticket-drafts.ts';

const escalate: MessageCommand = {
  kind: 'message',
  data: (config) =>
    new ContextMenuCommandBuilder()
      .setName('Escalate to ticket')
      .setType(ApplicationCommandType.Message)
      .setContexts(InteractionContextType.Guild)
      .setDefaultMemberPermissions(moderatorPermission(config))
      .toJSON(),

  async execute(interaction, parts) {
    if (!isModerator(interaction, parts.config)) {
      await interaction.reply(privately(NOT_MODERATOR));
      return;
    }
    const inTime = lookUpClock();
    const escalated = escalatedText(interaction.targetMessage, interaction.guildId);
    const draft: TicketDraft = { ...newDraft(interaction, parts, EMPTY), ...escalated };
    // Written down before the form is shown: the submit carries the draft's ID alone.
    const [hindrance, earlier] = await inTime(lookAround(draft, parts));
    const onward = button('Escalate', ButtonStyle.Primary, customId('escalate-onward', draft.id));
    if (await tellNoticesFirst(interaction, parts, { onward, inTime })) return;
    if (hindrance && hindrance.kind !== 'helpdesk-down') {
      await interaction.reply(privately(hindranceReply(hindrance)));
    } else if (hindrance) {
      const anyway = button('Write it anyway', ButtonStyle.Primary, customId('escalate-onward', draft.id));
      await interaction.reply(privately({ ...hindranceReply(hindrance), components: [row(anyway)] }));
    } else if (earlier) {
      await interaction.reply(privately(earlier));
    } else {
      await showForm(interaction, parts, { draft, inTime });
    }
  },

  buttons: {
    'escalate-onward': (interaction, parts, [draftId = '']) => carryOn(interaction, parts, { draftId }),
    'escalate-again': (interaction, parts, [draftId = '', despite = '']) =>
      carryOn(interaction, parts, { draftId, despite }),
  },
};

export default escalate;

const EMPTY = { subject: '', product: '', body: '' };
const NOT_MODERATOR: Reply = {
  content:
    'Only moderators of this server escalate messages. Nothing was done. With `/ticket` you can ask for help yourself.',
  components: [],
};
const NO_ACCOUNT: Reply = {
  content:
    'There is no account that could get this ticket: the author is not linked or does not want it, you are not linked, and no account of the community is set up. Nothing was done.',
  components: [row(linkButton())],
};

/** Saves the draft, and looks for what stands against the form. */
async function lookAround(draft: TicketDraft, parts: CommandParts) {
  await parts.drafts.save(draft);
  return Promise.all([parts.desk.hindrance(draft.submitter.id, draft.place), earlierEscalation(draft, parts)]);
}

/** What a moderator reads about a message that was escalated before, with the way to escalate it again. */
async function earlierEscalation(draft: TicketDraft, parts: CommandParts): Promise<Reply | undefined> {
  const outcome = await parts.desk.earlierTicketOf(draft);
  if (!outcome) return undefined;
  const { ticketUrl } = parts.config.tickets;
  const reply = ticketReply(outcome, {
    draftId: draft.id,
    submitterId: draft.submitter.id,
    isEscalation: true,
    ticketUrl,
  });
  if (outcome.kind === 'in-progress') return reply;
  const again = customId('escalate-again', draft.id, outcome.submissionId);
  return { ...reply, components: [row(button('Escalate again', ButtonStyle.Danger, again))] };
}

async function carryOn(
  interaction: ButtonInteraction,
  parts: CommandParts,
  { draftId, despite }: { draftId: string; despite?: string },
): Promise<void> {
  const inTime = lookUpClock();
  const draft = await inTime(parts.drafts.find(interaction.user.id, draftId));
  if (!isModerator(interaction, parts.config) || (draft && draft.place.guildId !== interaction.guildId)) {
    await interaction.reply(privately(NOT_MODERATOR));
  } else if (!draft) {
    await interaction.reply(
      privately({ content: 'This has expired. Nothing was done; escalate the message again.', components: [] }),
    );
  } else {
    const known = despite ? { ...draft, sendDespite: [...draft.sendDespite, despite] } : draft;
    if (despite) await inTime(parts.drafts.save(known));
    const earlier = await inTime(earlierEscalation(known, parts));
    if (earlier) await interaction.reply(privately(earlier));
    else await showForm(interaction, parts, { draft: known, inTime });
  }
}

async function showForm(
  interaction: MessageContextMenuCommandInteraction | ButtonInteraction,
  parts: CommandParts,
  { draft, inTime }: { draft: TicketDraft; inTime: InTime },
): Promise<void> {
  const options = await inTime(behalfOptions(draft, parts));
  const [first] = options;
  if (!first) await interaction.reply(privately(NO_ACCOUNT));
  else {
    const { products } = parts.config.tickets;
    await interaction.showModal(ticketModal(draft.id, products, draft.fields, { options, chosen: first.behalf }));
  }
}
