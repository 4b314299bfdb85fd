/**
 * Commands as JSON without session and number, which the entry says, the same as `JSON.stringify` writes. A
 * session writes every command, and for those that make up nearly all of them this takes half the time.
 */

import type { SessionCommand, Terms } from "../core/command.js";

const quoted = JSON.stringify;

/** The acquires of a semaphore mostly share their terms, which never change. */
let lastTerms: Terms | undefined;
let lastText = "";

export function commandText(command: SessionCommand): string {
  switch (command.type) {
    case "acquire":
      return (
        `{"type":"acquire","semaphore":${quoted(command.semaphore)},"acquisition":${quoted(command.acquisition)},` +
        `"value":${command.value},"terms":${termsText(command.terms)}}`
      );
    case "release":
      return `{"type":"release","acquisition":${quoted(command.acquisition)}}`;
    case "cancel":
      return `{"type":"cancel","acquisition":${quoted(command.acquisition)},"reason":"${command.reason}"}`;
    case "heartbeat":
    case "leave":
    case "resize":
    case "revoke": {
      const { session, number, ...rest } = command;
      return quoted(rest);
    }
  }
}

function termsText(terms: Terms): string {
  if (terms === lastTerms) return lastText;
  lastText = quoted(terms);
  lastTerms = terms;
  return lastText;
}
