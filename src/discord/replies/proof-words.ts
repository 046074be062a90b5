import type { LinkProof } from '../../accounts/account-links.ts';

/** How a link was proved, as in "Linked since …, verified by email". */
export function proofWords(proof: LinkProof): string {
  switch (proof) {
    case 'email':
      return 'verified by email';
    case 'moderator':
      return 'approved by a moderator';
    case 'none':
      return 'not verified';
  }
}
