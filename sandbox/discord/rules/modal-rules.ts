import * as spec from 'discord-api-spec/zod';
import { numberComponents } from '../server/wire.ts';
import { BodyErrors } from './api-error.ts';
import { checkModalComponents, type SentComponent } from './component-rules.ts';
import { checkSchema } from './schema-check.ts';

/** A modal as the bot sent it, its components numbered. */
export interface ModalBody {
  readonly custom_id: string;
  readonly title: string;
  readonly components: readonly (SentComponent & { readonly id: number })[];
}

/** Reads the callback that opens a modal. @throws {ApiError} 50035 with the tree. */
export function readModal(body: unknown): ModalBody {
  const errors = new BodyErrors();
  checkSchema(spec.ModalInteractionCallbackRequestSchema, body, errors);
  errors.throwIfAny();
  const { data } = body as { data: { custom_id: string; title: string; components: SentComponent[] } };
  checkModalComponents(data.components, errors);
  errors.throwIfAny();
  return { ...data, components: numberComponents(data.components) as (SentComponent & { id: number })[] };
}
