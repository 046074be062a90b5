import {
  Client,
  Events,
  LabelBuilder,
  MessageFlags,
  ModalBuilder,
  SlashCommandBuilder,
  TextInputBuilder,
  TextInputStyle,
} from 'discord.js';

/**
 * What somebody writes in an afternoon with bare discord.js and, started with the word `soap`, bare `soap`: the same form, the
 * same ticket, and none of the promises. It keeps nothing, checks nothing and survives nothing. The bot is measured beside it.
 * With `kept` as well it keeps what the bot keeps (kept-tickets.mjs), and does nothing with it.
 * Plain JavaScript: nothing but Node has to load it, so its start and its memory are its own.
 */
const { DISCORD_TOKEN = '', DISCORD_API_URL = '', HELPDESK_URL = '' } = process.env;
const { HELPDESK_USERNAME: username, HELPDESK_PASSWORD: password } = process.env;
const NOTHING_KEPT = { atCommand() {}, received() {}, sending() {}, opened() {}, told() {} };

/** Without `soap` nothing is asked of a helpdesk, and every ticket has the same reference. */
const openTicket = process.argv.includes('soap') ? await createHelpdesk() : async () => 'KVO-530-1';

const kept = process.argv.includes('kept') ? (await import('./kept-tickets.mjs')).createKeptTickets() : NOTHING_KEPT;

async function createHelpdesk() {
  const { createClientAsync } = await import('soap');
  const helpdesk = await createClientAsync(`${HELPDESK_URL}?wsdl`);
  const [{ return: sid }] = await helpdesk.api_loginAsync({ username, password });
  return async (ticket) => {
    const [answer] = await helpdesk.api_openTicketAsync({ sid, ...ticket });
    // It has attributes on the wire, so `soap` makes an object of it.
    return answer.return.ticket_reference_id.$value;
  };
}

const client = new Client({ intents: [], rest: { api: DISCORD_API_URL } });
client.rest.options.globalRequestsPerSecond = 1000;

client.once(Events.ClientReady, async ({ application }) => {
  await application.commands.set([
    new SlashCommandBuilder().setName('ticket').setDescription('Ask the support team for help').toJSON(),
  ]);
});

function field(customId, label, style) {
  const input = new TextInputBuilder().setCustomId(customId).setStyle(style);
  return new LabelBuilder().setLabel(label).setTextInputComponent(input.setRequired(customId !== 'product'));
}

client.on(Events.InteractionCreate, async (interaction) => {
  const { user } = interaction;
  if (interaction.isChatInputCommand()) {
    kept.atCommand(user.id);
    const modal = new ModalBuilder().setCustomId('ticket').setTitle('Open a helpdesk ticket');
    await interaction.showModal(
      modal.addLabelComponents(
        field('subject', 'Subject', TextInputStyle.Short),
        field('product', 'Product', TextInputStyle.Short),
        field('body', 'What do you need help with?', TextInputStyle.Paragraph),
      ),
    );
  } else if (interaction.isModalSubmit()) {
    const [subject, product, body] = ['subject', 'product', 'body'].map((id) =>
      interaction.fields.getTextInputValue(id),
    );
    kept.received(user.id, { subject, product, body });
    await interaction.deferReply({ flags: MessageFlags.Ephemeral });
    kept.sending(user.id);
    const account = { user_email: `${user.username}@example.org`, user_ip: '127.0.0.1' };
    const reference = await openTicket({ ...account, subject, product, body, box_auth_value: '' });
    kept.opened(user.id, reference);
    await interaction.editReply(`Ticket ${reference} is open.`);
    kept.told(user.id);
  } else if (interaction.isMessageComponent()) {
    await interaction.reply({ content: 'Hello', flags: MessageFlags.Ephemeral });
  }
});

await client.login(DISCORD_TOKEN);
