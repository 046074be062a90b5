import type { APIEmbed, APIMessageTopLevelComponent } from 'discord-api-types/v10';

/** The part of a message's body that the stand-in acts on. */
export interface SentMessage {
  content?: string | null;
  embeds?: APIEmbed[] | null;
  components?: APIMessageTopLevelComponent[] | null;
  attachments?: { id: string | number; filename?: string | null; description?: string | null }[] | null;
  poll?: unknown;
  sticker_ids?: string[] | null;
  flags?: number | null;
  nonce?: string | number | null;
  message_reference?: { message_id?: string | null; fail_if_not_exists?: boolean | null } | null;
  enforce_nonce?: boolean | null;
  allowed_mentions?: { parse?: string[] | null; users?: string[] | null; roles?: string[] | null } | null;
}

/** A file of a multipart upload, under its number in `files[n]`. */
export interface UploadedFile {
  readonly index: string;
  readonly name: string;
  readonly contentType: string;
  readonly content: Buffer;
}
