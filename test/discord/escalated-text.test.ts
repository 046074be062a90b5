import { expect, test } from 'vitest';
import type { MessageExtras } from '../../sandbox/discord/people/place.ts';
import { asMessage } from '../../sandbox/discord/people/shown.ts';
import type { ShownModal } from '../../sandbox/discord/people/shown-modal.ts';
import { escalate, type Moderated, startModerated } from '../support/moderated.ts';

/** What the form of an escalation is filled in with. */
function filledIn(form: ShownModal): { subject: string; body: string } {
  return { subject: String(form.field('subject').value), body: String(form.field('body').value) };
}

async function escalated(scene: Moderated, content: string, more?: MessageExtras) {
  const form = await escalate(scene.mia, await scene.ada.say(content, more));
  return { form, ...filledIn(form) };
}

/** Opens it as it stands. @returns The body that the helpdesk gets. */
async function opened({ talk }: Moderated, form: ShownModal): Promise<string> {
  const receipt = asMessage(await form.submit({ behalf: ['community'] }));
  expect(receipt.text).toContain('is open');
  return talk.world.helpdesk.tickets.at(-1)?.body ?? '';
}

test('the link in an escalated ticket leads to the message in its server', async () => {
  const scene = await startModerated();
  const { ada, mia, talk } = scene;
  const message = await ada.say('My server is down');
  const form = await escalate(mia, message);
  const link = `https://discord.com/channels/${talk.guild.id}/${talk.channel.id}/${message.id}`;
  expect(filledIn(form).body).toBe('> My server is down\n\n');
  const body = await opened(scene, form);
  expect(body).not.toContain('@me');
  expect(body.split(link)).toHaveLength(2);
  expect(body.split('\n-- \n')).toHaveLength(2);
});

test('an image without words has its name, size and link, and says that the link expires', async () => {
  const scene = await startModerated();
  const { subject, body } = await escalated(scene, '', {
    attachments: [{ name: 'panic.png', text: 'x'.repeat(2000) }],
  });
  expect(subject).toBe('ada: panic.png');
  expect(body).toMatch(/^Attachments \(Discord's links expire.*\n- panic\.png, 2 KB: http/);
});

test('ten attachments with long names leave room to write, and none of their links is lost or cut', async () => {
  const scene = await startModerated();
  const attachments = Array.from({ length: 10 }, (_, i) => ({
    name: `${i}-${'screenshot'.repeat(20)}.png`,
    text: 'x',
  }));
  const words = 'Look at these. '.repeat(100).trim();
  const { form, body } = await escalated(scene, words, { attachments });
  expect(body.length).toBeLessThanOrEqual(3500);
  expect(body).toMatch(/^- … and [5-9] more, at the end of the ticket$/m);
  const sent = await opened(scene, form);
  const links = sent.match(/https?:\S+\/attachments\/\S+/g) ?? [];
  for (const { name } of attachments) {
    expect(links.some((link) => link.includes(`/${name}?ex=`) && link.endsWith('&'))).toBe(true);
  }
  expect(sent).toContain(words);
});

test('a message of 4,000 characters leaves room to write and stands in the ticket as a whole', async () => {
  const scene = await startModerated();
  const words = Array.from({ length: 500 }, (_, i) => `word${String(i).padStart(3, '0')}`).join(' ');
  const { form, body } = await escalated(scene, words, { nitro: true });
  expect(body.length).toBeLessThanOrEqual(3500);
  expect(body).toContain('cut here; the whole message stands at the end of the ticket');
  expect(await opened(scene, form)).toContain(`The whole message:\n${words}\n`);
});

test('a cut falls between characters, never into an emoji', async () => {
  const scene = await startModerated();
  for (const lead of ['', 'x']) {
    const { subject, body } = await escalated(scene, `${lead}${'🙏'.repeat(1990)}`, { nitro: true });
    for (const text of [subject, body]) {
      expect(text.isWellFormed()).toBe(true);
      expect(text).not.toContain('\uFFFD');
    }
    expect(subject).toMatch(/^x?(🙏)+…$/u);
  }
});

test('an embed is quoted with its title, text and fields', async () => {
  const scene = await startModerated();
  const embeds = [
    { title: 'Status page', description: 'All systems are down', fields: [{ name: 'Since', value: 'noon' }] },
  ];
  const { subject, body } = await escalated(scene, '', { embeds });
  expect(subject).toBe('Status page');
  expect(body).toContain('> Status page\n> All systems are down\n> Since: noon\n');
});

test('a poll is quoted with its question and answers', async () => {
  const scene = await startModerated();
  const answers = ['Small', 'Big'].map((text, i) => ({ answer_id: i + 1, poll_media: { text } }));
  const poll = { question: { text: 'Which VPS?' }, answers, expiry: null, allow_multiselect: false, layout_type: 1 };
  const { subject, body } = await escalated(scene, '', { wire: { poll } });
  expect(subject).toBe('Poll: Which VPS?');
  expect(body).toContain('> Poll: Which VPS?\n> - Small\n> - Big\n');
});

test('a sticker is named', async () => {
  const scene = await startModerated();
  const sticker_items = [{ id: '1245678901234567893', name: 'Facepalm', format_type: 1 }];
  const { subject, body } = await escalated(scene, '', { wire: { sticker_items } });
  expect(subject).toBe('Sticker: Facepalm');
  expect(body).toContain('> Sticker: Facepalm\n');
});

test('what was forwarded is quoted with its attachments', async () => {
  const scene = await startModerated();
  const { talk } = scene;
  const attachment = { id: '1245678901234567899', filename: 'log.txt', size: 5000, url: 'https://cdn.example/log.txt' };
  const forwarded = {
    ...{
      type: 0,
      content: 'The kernel panics',
      embeds: [],
      attachments: [attachment],
      mentions: [],
      mention_roles: [],
    },
    ...{ timestamp: '2026-01-01T00:00:00Z', edited_timestamp: null, flags: 0 },
  };
  const { subject, body } = await escalated(scene, '', {
    wire: {
      message_reference: {
        type: 1,
        message_id: '1245678901234567890',
        channel_id: talk.channel.id,
        guild_id: talk.guild.id,
      },
      message_snapshots: [{ message: forwarded }],
    },
  });
  expect(subject).toBe('The kernel panics');
  expect(body).toContain('> Forwarded message:\n> \n> The kernel panics\n');
  expect(body).toContain('- log.txt, 5 KB: https://cdn.example/log.txt');
});

test('a message that has nothing to read says so, and can be sent as it stands', async () => {
  const scene = await startModerated();
  const { form, subject, body } = await escalated(scene, '\u200b\u2800');
  expect(subject).toBe('ada: no text');
  expect(body).toBe('(This message has no text.)\n\n');
  await opened(scene, form);
});

test('a message of a webhook that calls itself like a member is told apart', async () => {
  const scene = await startModerated();
  const { ada, mia, talk } = scene;
  const webhook = talk.world.discord.world.createAccount({ name: 'ada', bot: true });
  const posted = talk.world.discord.world.post({ content: 'I am ada', channel: ada.channel, author: webhook });
  const form = await escalate(mia, mia.user.show(posted));
  expect(form.field('behalf').options?.map(({ value }) => value)).toEqual(['community']);
  expect(await opened(scene, form)).toContain(`Discord: message of ada, a bot or webhook (${webhook.id}), `);
});

test('markdown, mentions, code and line breaks of any kind are quoted as they are', async () => {
  const scene = await startModerated();
  const { ada } = scene;
  const said = `\`\`\`sh\r\nrm -rf "$HOME" # \`tick\`\r\`\`\`\n**bold** <@${ada.user.id}> @everyone\n\n> quoted`;
  const { form, subject, body } = await escalated(scene, said);
  expect(subject).toBe('rm -rf "$HOME" # `tick`');
  const quote = `> \`\`\`sh\n> rm -rf "$HOME" # \`tick\`\n> \`\`\`\n> **bold** <@${ada.user.id}> @everyone\n> \n> > quoted\n`;
  expect(body.startsWith(quote)).toBe(true);
  expect((await opened(scene, form)).startsWith(quote)).toBe(true);
});

test('what else hangs on a message, such as reactions, a thread and an answer, is in nobody’s way', async () => {
  const scene = await startModerated();
  const { talk, ada } = scene;
  const author = { id: ada.user.id, username: 'ada', discriminator: '0', avatar: null };
  const { subject, body } = await escalated(scene, 'Still down', {
    wire: {
      type: 19,
      reactions: [
        {
          emoji: { id: null, name: '🔥' },
          count: 2,
          me: false,
          burst_colors: [],
          count_details: { burst: 0, normal: 2 },
        },
      ],
      thread: {
        id: '1245678901234567801',
        guild_id: talk.guild.id,
        parent_id: talk.channel.id,
        type: 11,
        name: 'down',
      },
      mentions: [author],
      message_reference: { message_id: '1245678901234567802', channel_id: talk.channel.id, guild_id: talk.guild.id },
      referenced_message: { id: '1245678901234567802', channel_id: talk.channel.id, content: 'It is down', author },
    },
  });
  expect(subject).toBe('Still down');
  expect(body).toContain('> Still down\n');
});

test('without words from Discord, as of a system message, there is still its author, time and link', async () => {
  const scene = await startModerated();
  const message = await scene.ada.say('', { wire: { type: 7 } });
  const form = await escalate(scene.mia, message);
  expect(filledIn(form)).toEqual({ subject: 'ada: no text', body: '(This message has no text.)\n\n' });
  expect(await opened(scene, form)).toMatch(
    /-- \nDiscord: message of ada \(\d+\), \d+ \w+ \d{4}, \d\d:\d\d UTC.*: https:\/\/discord\.com\/channels\/\d+\/\d+\/\d+\n/,
  );
});
