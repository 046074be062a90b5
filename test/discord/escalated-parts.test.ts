import { ChannelType } from 'discord-api-types/v10';
import { expect, test } from 'vitest';
import { asMessage } from '../../sandbox/discord/people/shown.ts';
import type { ShownModal } from '../../sandbox/discord/people/shown-modal.ts';
import type { MessageBody } from '../../sandbox/discord/world/discord-world.ts';
import { escalate, type Moderated, read, startModerated } from '../support/moderated.ts';

const V2 = 32768;
const CDN = 'https://cdn.discordapp.com/attachments/1/2';

/** A message as another bot, or a webhook, posts it. */
function posted(
  scene: Moderated,
  shown: Partial<Record<keyof MessageBody, unknown>>,
  wire: Record<string, unknown> = {},
) {
  const { world } = scene.talk.world.discord;
  const author = world.createAccount({ name: 'monitor', bot: true });
  const message = world.post({ ...(shown as Partial<MessageBody>), channel: scene.ada.channel, author, wire });
  return scene.mia.user.show(message);
}

function filledIn(form: ShownModal): { subject: string; body: string } {
  return { subject: String(form.field('subject').value), body: String(form.field('body').value) };
}

/** What the staff read below the text, when it is sent as it stands. */
async function originOf(scene: Moderated, message: { readonly id: string }): Promise<string> {
  const form = await escalate(scene.mia, message as Parameters<typeof escalate>[1]);
  asMessage(await form.submit({ behalf: ['community'] }));
  return scene.talk.world.helpdesk.tickets.at(-1)?.body.split('\n-- \n')[1] ?? '';
}

async function quoted(scene: Moderated, message: { readonly id: string }) {
  return filledIn(await escalate(scene.mia, message as Parameters<typeof escalate>[1]));
}

test('components of every kind are quoted: texts, sections, galleries, files, buttons and menus', async () => {
  const scene = await startModerated();
  const components = [
    { type: 10, id: 1, content: 'Node 7 is down' },
    {
      type: 17,
      id: 2,
      accent_color: 0xff0000,
      components: [
        {
          type: 9,
          id: 3,
          components: [{ type: 10, id: 4, content: '**Disk** 98 %' }],
          accessory: { type: 11, id: 5, media: { url: `${CDN}/disk.png?ex=1` }, description: 'A full disk' },
        },
        {
          type: 9,
          id: 6,
          components: [{ type: 10, id: 7, content: 'Read more' }],
          accessory: { type: 2, id: 8, style: 5, label: 'Runbook', url: 'https://wiki.example.com/disk' },
        },
        { type: 14, id: 9, divider: true, spacing: 1 },
        {
          type: 12,
          id: 10,
          items: [
            { media: { url: `${CDN}/cpu.png` }, description: 'CPU', spoiler: false },
            { media: { url: 'https://graphs.example.com/render?id=7' }, description: null },
          ],
        },
        { type: 13, id: 11, file: { url: `${CDN}/dmesg.txt?ex=1` }, name: 'dmesg.txt', size: 4096, spoiler: false },
      ],
    },
    {
      type: 1,
      id: 12,
      components: [
        { type: 2, id: 13, style: 1, label: 'Acknowledge', custom_id: 'ack' },
        { type: 2, id: 14, style: 2, emoji: { id: null, name: '🔁' }, custom_id: 'again' },
      ],
    },
    {
      type: 1,
      id: 15,
      components: [
        {
          type: 3,
          id: 16,
          custom_id: 'assign',
          placeholder: 'Assign to …',
          options: [
            { label: 'Night shift', value: 'secret-value', description: '22 to 6' },
            { label: 'Day shift', value: 'day' },
          ],
        },
      ],
    },
    { type: 1, id: 17, components: [{ type: 5, id: 18, custom_id: 'who', placeholder: 'Whom to tell?' }] },
  ];
  const { subject, body } = await quoted(scene, posted(scene, { flags: V2, components }));
  expect(subject).toBe('Node 7 is down');
  const lines = [
    ...['Node 7 is down', '**Disk** 98 %', 'Read more', 'Button: Runbook (https://wiki.example.com/disk)'],
    ...['Button: Acknowledge', 'Button: 🔁', 'Menu: Assign to …', '- Night shift: 22 to 6', '- Day shift'],
    'Menu: Whom to tell?',
  ];
  expect(body.startsWith(`${lines.map((line) => `> ${line}`).join('\n')}\nAttachments (`)).toBe(true);
  expect(body).toContain(`\n- disk.png, “A full disk”: ${CDN}/disk.png?ex=1\n`);
  expect(body).toContain(`\n- cpu.png, “CPU”: ${CDN}/cpu.png\n`);
  expect(body).toContain('\n- image: https://graphs.example.com/render?id=7\n');
  expect(body).toContain(`\n- dmesg.txt, 4 KB: ${CDN}/dmesg.txt?ex=1\n`);
  expect(body).not.toContain('secret-value');
});

test('components that nobody knows yet are looked through for what people see', async () => {
  const scene = await startModerated();
  const components = [
    {
      type: 99,
      id: 1,
      custom_id: 'hidden-id',
      title: 'A new kind',
      panels: [
        { heading: { type: 10, id: 2, content: 'Inside of it' } },
        { type: 98, label: 'Deeper', url: `${CDN}/x.gif` },
      ],
    },
  ];
  const { subject, body } = await quoted(scene, posted(scene, { flags: V2, components }));
  expect(subject).toBe('A new kind');
  expect(body).toContain('> A new kind\n> Inside of it\n> Deeper\n');
  expect(body).toContain(`- x.gif: ${CDN}/x.gif`);
  expect(body).not.toContain('hidden-id');
});

test('components under words of the older generation are quoted too', async () => {
  const scene = await startModerated();
  const components = [
    { type: 1, id: 1, components: [{ type: 2, id: 2, style: 5, label: 'Status', url: 'https://status.example.com' }] },
  ];
  const { body } = await quoted(scene, posted(scene, { content: 'We are down', components }));
  expect(body).toContain('> We are down\n> \n> Button: Status (https://status.example.com)\n');
});

test('an embed with an image alone is no message without text', async () => {
  const scene = await startModerated();
  const embeds = [{ image: { url: 'https://graphs.example.com/cpu.png' } }];
  const { subject, body } = await quoted(scene, posted(scene, { embeds }));
  expect(subject).toBe('monitor: cpu.png');
  expect(body).toContain('- cpu.png: https://graphs.example.com/cpu.png');
});

test('an embed is quoted with all its parts, as words of who sent it', async () => {
  const scene = await startModerated();
  const embeds = [
    {
      author: { name: 'Grafana', url: 'https://grafana.example.com', icon_url: 'https://grafana.example.com/i.png' },
      title: 'CPU',
      url: 'https://grafana.example.com/d/1',
      description: 'Above 90 %',
      fields: [{ name: 'Host', value: 'node 7' }],
      image: { url: 'https://grafana.example.com/cpu.png' },
      thumbnail: { url: 'https://grafana.example.com/small.png' },
      footer: { text: 'Rule 12' },
      timestamp: '2026-01-01T00:00:00.000Z',
    },
    { footer: { text: 'A footer alone' } },
    { author: { name: 'An author alone' } },
  ];
  const { subject, body } = await quoted(scene, posted(scene, { embeds }));
  expect(subject).toBe('Grafana (https://grafana.example.com)');
  expect(body).toContain(
    '> Grafana (https://grafana.example.com)\n> CPU\n> Above 90 %\n> Host: node 7\n> https://grafana.example.com/d/1\n> Rule 12, 2026-01-01T00:00:00.000Z\n',
  );
  expect(body).toContain('> A footer alone\n> \n> An author alone\n');
  expect(body).toContain('- cpu.png: https://grafana.example.com/cpu.png\n- small.png: https://');
  expect(body).not.toContain('Link preview');
});

const PAGE = { url: 'https://news.example.com/1', title: 'Their headline', description: 'Their words' };

test.each([
  ['a link', { type: 'link', ...PAGE }],
  ['an article', { type: 'article', ...PAGE, provider: { name: 'Example News' } }],
  ['a video', { type: 'video', ...PAGE, provider: { name: 'Tube' }, video: { url: 'https://tube.example.com/v.mp4' } }],
  ['a post, which Discord calls rich', { type: 'rich', ...PAGE, author: { name: 'Somebody (@else)' } }],
])('the preview of %s is told apart from the words of the author', async (_what, embed) => {
  const scene = await startModerated();
  const message = await scene.ada.say(`Is this true? ${PAGE.url}`, { embeds: [embed as never] });
  const { subject, body } = await quoted(scene, message);
  expect(subject).toBe(`Is this true? ${PAGE.url}`);
  expect(body.startsWith(`> Is this true? ${PAGE.url}\n> \n> Link preview, not the author's words:\n> > `)).toBe(true);
  expect(body).toContain('\n> > Their headline\n> > Their words\n');
  expect(body).not.toMatch(/^> Their/m);
});

test('the picture of a preview is listed as such, and the link of a picture is not said twice', async () => {
  const scene = await startModerated();
  const url = 'https://pictures.example.com/cat.gif';
  const embeds = [{ type: 'gifv', url, thumbnail: { url }, video: { url: 'https://pictures.example.com/cat.mp4' } }];
  const { body } = await quoted(scene, await scene.ada.say(url, { embeds: embeds as never }));
  expect(body.startsWith(`> ${url}\nAttachments (`)).toBe(true);
  expect(body).toContain("- cat.mp4, of a link preview, not the author's: https://");
});

test('a bot’s own embed is the bot’s own words, and the preview of a link that it posts is not', async () => {
  const scene = await startModerated();
  const embeds = [
    { title: 'Build 12 failed', url: 'https://ci.example.com/12' },
    { type: 'article', ...PAGE },
    { type: 'rich', title: 'A post', url: 'https://social.example.com/1' },
  ];
  const content = 'See https://social.example.com/1';
  const { body } = await quoted(scene, posted(scene, { content, embeds }));
  expect(body).toContain('> Build 12 failed\n> https://ci.example.com/12\n');
  expect(body).toContain('> > Their headline\n');
  expect(body).toContain('> > A post\n');
});

test('what is forwarded is quoted with its components, embeds and files, and nobody is said to have written it', async () => {
  const scene = await startModerated();
  const components = [
    { type: 10, id: 1, content: 'Node 7 is down' },
    { type: 13, id: 2, file: { url: `${CDN}/log.txt` }, name: 'log.txt', size: 1024, spoiler: false },
    { type: 1, id: 3, components: [{ type: 2, id: 4, style: 5, label: 'More', url: 'https://status.example.com' }] },
  ];
  const alert = await scene.ada.forward(posted(scene, { flags: V2, components }));
  const { subject, body } = await quoted(scene, alert);
  expect(subject).toBe('Node 7 is down');
  expect(
    body.startsWith('> Forwarded message:\n> \n> Node 7 is down\n> Button: More (https://status.example.com)\n'),
  ).toBe(true);
  expect(body).toContain('> (End of the forwarded message. Discord does not say who wrote it.)\nAttachments (');
  expect(body).toContain(`- log.txt, 1 KB: ${CDN}/log.txt`);

  const embeds = [
    { title: 'CPU', image: { url: 'https://graphs.example.com/cpu.png' } },
    { type: 'article', ...PAGE },
  ];
  const second = await quoted(scene, await scene.ada.forward(posted(scene, { embeds })));
  expect(second.subject).toBe('CPU');
  expect(second.body).toContain("> Link preview, not the author's words:\n> > Their headline\n");
  expect(second.body).toContain('- cpu.png: https://graphs.example.com/cpu.png');
});

test('the first message of a thread is the message that the thread is about, of who wrote that', async () => {
  const scene = await startModerated({ env: { ESCALATION_NOTICE: 'reply' } });
  const { ada, mia, max, talk } = scene;
  const original = await ada.say('The panel is down');
  const thread = await mia.startThread(original);
  const [starter] = thread.messages;
  if (!starter) throw new Error('The thread is empty');
  const form = await escalate(mia.user.in(thread.channel), starter);
  const { subject, body } = filledIn(form);
  expect(subject).toBe('The panel is down');
  expect(body).toBe('> The panel is down\n\n');
  expect(asMessage(await form.submit({ behalf: ['community'] })).text).toContain('is open');
  const sent = talk.world.helpdesk.tickets.at(-1)?.body;
  expect(sent).toContain(`Discord: message of ada (${ada.user.id}), `);
  expect(sent).toContain(`: https://discord.com/channels/${talk.guild.id}/${ada.channel.id}/${original.id}\n`);
  // The notice stands under the message itself, which is in the channel of the thread.
  const notice = await ada.user.waitFor(({ text }) => text.includes('passed this on'));
  expect(notice.repliesTo?.id).toBe(original.id);
  // And who escalates the message itself hears that it is done.
  expect(asMessage(await max.messageCommand('Escalate to ticket', original)).text).toContain('Already escalated');
});

test('the first message of a thread whose message was deleted is escalated all the same', async () => {
  const scene = await startModerated();
  const thread = scene.talk.guild.createChannel({
    name: 't',
    type: ChannelType.PublicThread,
    parent: scene.ada.channel,
  });
  const inThread = scene.ada.user.in(thread);
  const starter = await inThread.say('', { wire: { type: 21, referenced_message: null } });
  const form = await escalate(scene.mia.user.in(thread), starter);
  expect(filledIn(form).subject).toBe('ada: no text');
});

test('a voice message has its length, and a file the words of its sender for who cannot see it', async () => {
  const scene = await startModerated();
  const attachments = [
    {
      id: '1',
      filename: 'voice-message.ogg',
      size: 20_000,
      url: `${CDN}/voice-message.ogg`,
      duration_secs: 6.4,
      waveform: 'AAA',
    },
    { id: '2', filename: 'err_r.png', title: 'errör', size: 900, url: `${CDN}/err_r.png`, description: 'A red box' },
  ];
  const { subject, body } = await quoted(scene, await scene.ada.say('', { wire: { flags: 8192, attachments } }));
  expect(subject).toBe('ada: voice-message.ogg');
  expect(body).toContain(`- voice-message.ogg, 20 KB, 7 seconds: ${CDN}/voice-message.ogg\n`);
  expect(body).toContain(`- errör, 1 KB, “A red box”: ${CDN}/err_r.png\n`);
});

test('a reply has its own text, and says to whom it answers; an answer to a command says whose command it was', async () => {
  const scene = await startModerated();
  const ben = { id: '1245678901234567801', username: 'ben', discriminator: '0', avatar: null };
  const reply = await scene.ada.say('Here too', {
    wire: { type: 19, referenced_message: { id: '1245678901234567802', content: 'It is down', author: ben } },
  });
  expect((await quoted(scene, reply)).body).toBe('> Here too\n\n');
  expect(await originOf(scene, reply)).toMatch(/ada \(\d+\), .* UTC, in reply to ben \(1245678901234567801\): https:/);
  const answer = posted(
    scene,
    { content: 'Done' },
    { type: 20, interaction_metadata: { id: '1', type: 2, user: ben } },
  );
  expect(await originOf(scene, answer)).toMatch(/, for ben \(1245678901234567801\), who used a command: https:/);
});

test('a message of Discord’s own says what it is about', async () => {
  const scene = await startModerated();
  const started = await scene.ada.say('The panel', { wire: { type: 18 } });
  expect((await quoted(scene, started)).subject).toBe('The panel');
  expect(await originOf(scene, started)).toMatch(/ada \(\d+\), .*, system message: started a thread: https:/);
  const fields = [
    { name: 'poll_question_text', value: 'Which VPS?' },
    { name: 'victor_answer_id', value: '2' },
    { name: 'victor_answer_text', value: 'Big' },
  ];
  const result = await scene.ada.say('', { wire: { type: 46, embeds: [{ type: 'poll_result', fields }] } });
  expect((await quoted(scene, result)).body).toContain('> poll question text: Which VPS?\n> victor answer text: Big\n');
});

test('a poll has its votes, and an answer of an emoji alone is there', async () => {
  const scene = await startModerated();
  const poll = {
    question: { text: 'Which VPS?' },
    answers: [
      { answer_id: 1, poll_media: { text: 'Small', emoji: { id: null, name: '🐁' } } },
      { answer_id: 2, poll_media: { emoji: { id: null, name: '🐘' } } },
    ],
    results: {
      is_finalized: true,
      answer_counts: [
        { id: 1, count: 3, me_voted: false },
        { id: 2, count: 0 },
      ],
    },
  };
  const { body } = await quoted(scene, await scene.ada.say('', { wire: { poll } }));
  expect(body).toContain('> Poll: Which VPS?\n> - 🐁 Small (3 votes)\n> - 🐘 (0 votes)\n');
});

test('much more than the form holds is cut between graphemes with a note, no link is cut, and all of it is in the ticket', async () => {
  const scene = await startModerated();
  const family = '👨‍👩‍👧‍👦';
  const link = `https://wiki.example.com/${'long/'.repeat(60)}`;
  for (const lead of [0, 1, 5, 9]) {
    const content = `${'x'.repeat(2800 + lead)} ${link} ${family.repeat(60)}`;
    const form = await escalate(scene.mia, posted(scene, { flags: V2, components: [{ type: 10, id: 1, content }] }));
    const { body, subject } = filledIn(form);
    expect(body.length).toBeLessThanOrEqual(3500);
    expect(subject).toBe(`${'x'.repeat(99)}…`);
    expect(body).toContain('cut here; the whole message stands at the end of the ticket');
    for (const shown of body.match(/https:\/\/wiki\S*/g) ?? []) expect(shown).toBe(link);
    expect(body.replaceAll(family, '')).not.toMatch(/[\u200d👨👩👧👦]/u);
    await form.submit({ behalf: ['community'] });
    expect(scene.talk.world.helpdesk.tickets.at(-1)?.body).toContain(content);
  }
});

/** Shapes that no documentation allows. discord.js throws the whole interaction away over several of them. */
const HOSTILE: Readonly<Record<string, Record<string, unknown>>> = {
  'everything null': Object.fromEntries(
    ['content', 'embeds', 'components', 'attachments', 'author', 'timestamp', 'poll', 'type', 'flags', 'mentions'].map(
      (key) => [key, null],
    ),
  ),
  'components that are no list': { components: { type: 10, content: 'x' } },
  'components that are null, numbers and words': {
    components: [null, 7, 'text', [], {}, { type: '10' }, { type: 10, content: 7 }],
  },
  'rows without components': {
    components: [{ type: 1 }, { type: 9, accessory: null }, { type: 12, items: 'none' }, { type: 17, components: 5 }],
  },
  'embeds of another shape': {
    embeds: [null, 'x', { fields: 'x', author: 'x', footer: 3, image: [], video: 'x', url: {} }],
  },
  'a poll of another shape': {
    poll: { question: null, answers: [null, { poll_media: 3 }], results: { answer_counts: 4 } },
  },
  'a poll that is a word': { poll: 'Which?' },
  'snapshots of another shape': {
    message_snapshots: [null, {}, { message: null }, { message: { content: 5, embeds: {} } }],
  },
  'attachments without addresses': { attachments: [{}, null, { filename: 3, url: null }, { url: 'x', size: -1 }] },
  'an author without an ID': { author: { username: 'nobody' } },
  'a time that is none': { timestamp: 'yesterday' },
  'a type from the future': { type: 4711 },
  'a starter that is itself a starter': { type: 21, referenced_message: { type: 21, id: '5', referenced_message: {} } },
  'stickers that are none': { sticker_items: [null, 4, { name: null }] },
  'interaction data that is none': { interaction_metadata: 'x', application: 4, activity: [], call: 7 },
};

test('no shape of a message fails the command', async () => {
  const scene = await startModerated({ env: { TICKETS_PER_HOUR: '100' } });
  for (const [what, wire] of Object.entries(HOSTILE)) {
    const form = await escalate(scene.mia, await scene.ada.say('Help', { wire })).catch((error) => {
      throw new Error(`${what}: ${error.message}`);
    });
    expect(filledIn(form).body, what).not.toBe('');
    asMessage(await form.submit({ behalf: ['community'] }));
    expect(scene.talk.world.helpdesk.tickets.at(-1)?.body, what).toMatch(
      /\n-- \nDiscord: message of .+ \(\d+\).*: https:\/\/discord\.com\/channels\/\d+\/\d+\/\d+\nEscalated by/,
    );
  }
  expect(await read(scene.ada, 'account')).not.toBe('');
});
